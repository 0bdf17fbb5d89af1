data "svcacct_wavefront_service_accounts" "of_ci" {
  search = [{
    key             = "identifier"
    values          = ["sa::ci", "sa::build"]
    matching_method = "STARTSWITH"
  }]
}

check "no_account_is_full" {
  assert {
    condition     = alltrue([for a in data.svcacct_wavefront_service_accounts.of_ci.service_accounts : a.token_count < 20])
    error_message = "An account has 20 tokens: the next rotation would be refused."
  }
}
