data "svcacct_wavefront_service_account_tokens" "legacy" {
  service_account = "sa::legacy"
}

check "tokens_are_used" {
  assert {
    condition     = alltrue([for t in data.svcacct_wavefront_service_account_tokens.legacy.tokens : t.last_used != null])
    error_message = "sa::legacy has tokens that nobody ever used."
  }
}
