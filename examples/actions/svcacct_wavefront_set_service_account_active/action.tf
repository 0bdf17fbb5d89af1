# terraform apply -invoke=action.svcacct_wavefront_set_service_account_active.stop
action "svcacct_wavefront_set_service_account_active" "stop" {
  config {
    identifier = "sa::legacy"
    active     = false
  }
}
