data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

data "svcacct_waldur_project_service_accounts" "erred" {
  project_uuid = data.svcacct_waldur_project.climate.uuid
  states       = ["Erred"]
}

check "no_account_erred" {
  assert {
    condition     = length(data.svcacct_waldur_project_service_accounts.erred.service_accounts) == 0
    error_message = "The account service refused updates of: ${join(", ", data.svcacct_waldur_project_service_accounts.erred.service_accounts[*].username)}"
  }
}
