import {
  provider = svcacct
  to       = svcacct_instaclustr_service_user.legacy
  id       = "legacy"
}

import {
  provider = svcacct
  to       = svcacct_instaclustr_service_user_api_key.legacy
  id       = "legacy/MONITORING"
}
