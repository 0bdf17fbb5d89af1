# the account, then the token by the identifier of the account and the token's name
terraform import svcacct_wavefront_service_account.ci sa::ci
terraform import svcacct_wavefront_service_account_token.deploy sa::ci/deploy

# the same, and the token is not stored by the import: the next apply stores it as the configuration says
terraform import svcacct_wavefront_service_account.ci sa::ci
SVCACCT_IMPORT_STORE_API_KEY=false terraform import svcacct_wavefront_service_account_token.deploy sa::ci/deploy
