import {
  provider = svcacct
  to       = svcacct_waldur_customer_service_account.legacy
  id       = "${data.svcacct_waldur_customer.acme.uuid}/svc-legacy"
}
