import {
  to = svcacct_waldur_customer_service_account.legacy
  id = "${data.svcacct_waldur_customer.acme.uuid}/legacy"
}

resource "svcacct_waldur_customer_service_account" "legacy" {
  customer_uuid        = data.svcacct_waldur_customer.acme.uuid
  preferred_identifier = "legacy"
  description          = "Made by hand, years ago"
}
