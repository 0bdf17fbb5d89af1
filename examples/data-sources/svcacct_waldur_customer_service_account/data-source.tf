data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

data "svcacct_waldur_customer_service_account" "legacy" {
  customer_uuid = data.svcacct_waldur_customer.acme.uuid
  username      = "svc-legacy"
}

output "legacy_state" {
  value = data.svcacct_waldur_customer_service_account.legacy.state
}
