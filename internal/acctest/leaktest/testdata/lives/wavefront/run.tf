ephemeral "svcacct_wavefront_service_account_token" "run" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "run"
  temporary       = true
}
