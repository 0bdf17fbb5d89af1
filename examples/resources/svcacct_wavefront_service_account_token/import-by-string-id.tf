import {
  to = svcacct_wavefront_service_account.ci
  id = "sa::ci"
}

import {
  to = svcacct_wavefront_service_account_token.deploy
  id = "sa::ci/deploy"
}
