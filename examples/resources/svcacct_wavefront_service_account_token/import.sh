# by the identifier of the account and the token's name
terraform import svcacct_wavefront_service_account_token.deploy sa::ci/deploy

# the same, and the token is not stored by the import: the next apply stores it as the configuration says
SVCACCT_IMPORT_STORE_API_KEY=false terraform import svcacct_wavefront_service_account_token.deploy sa::ci/deploy
