# terraform apply -invoke=action.svcacct_waldur_set_robot_account_state.broken
action "svcacct_waldur_set_robot_account_state" "broken" {
  config {
    uuid          = "64d2f8b1a0c34e97b58d1e3c7f92a6b0"
    state         = "Error"
    error_message = "The home directory is gone"
  }
}
