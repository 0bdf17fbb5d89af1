data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

check "room_for_accounts" {
  assert {
    condition     = data.svcacct_waldur_customer.acme.max_service_accounts != 0
    error_message = "No service account can be created until max_service_accounts of ACME Research is raised."
  }
}
