data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

data "svcacct_waldur_customer_service_accounts" "erred" {
  customer_uuid = data.svcacct_waldur_customer.acme.uuid
  states        = ["Erred"]
}

check "no_account_erred" {
  assert {
    condition     = length(data.svcacct_waldur_customer_service_accounts.erred.service_accounts) == 0
    error_message = "The account service refused updates of: ${join(", ", data.svcacct_waldur_customer_service_accounts.erred.service_accounts[*].username)}"
  }
}
