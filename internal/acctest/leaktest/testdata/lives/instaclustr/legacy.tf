import {
  provider = svcacct
  to       = svcacct_instaclustr_service_user.legacy
  id       = "legacy"
}
