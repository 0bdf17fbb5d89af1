import {
  to = svcacct_wavefront_service_account_token.deploy
  id = "sa::ci/deploy"
}
