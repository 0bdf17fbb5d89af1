import {
  to = svcacct_wavefront_service_account.ci
  identity = {
    identifier = "sa::ci"
  }
}
