import {
  provider = svcacct
  to       = svcacct_wavefront_service_account.legacy
  id       = "sa::legacy"
}

import {
  provider = svcacct
  to       = svcacct_wavefront_service_account_token.legacy
  id       = "sa::legacy/by hand"
}
