import {
  to = svcacct_wavefront_service_account.ci
  id = "sa::ci"
}
