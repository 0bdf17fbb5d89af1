# by the identifier of the account and the token's name
terraform import svcacct_wavefront_service_account_token.deploy sa::ci/deploy
