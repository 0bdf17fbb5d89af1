import {
  to = svcacct_wavefront_service_account.ci
  identity = {
    identifier = "sa::ci"
  }
}

import {
  to = svcacct_wavefront_service_account_token.deploy
  identity = {
    service_account = "sa::ci"
    name            = "deploy"
  }
}
