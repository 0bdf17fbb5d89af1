action "svcacct_waldur_rotate_api_key" "leak" {
  config {
    customer_service_account = svcacct_waldur_customer_service_account.billing.uuid
  }
}

action "svcacct_waldur_set_robot_account_state" "broken" {
  config {
    uuid          = svcacct_waldur_robot_account.ci.uuid
    state         = "Error"
    error_message = "The home directory is gone"
  }
}
