action "svcacct_wavefront_set_service_account_active" "stop" {
  config {
    identifier = "sa::ci"
    active     = false
  }
}
