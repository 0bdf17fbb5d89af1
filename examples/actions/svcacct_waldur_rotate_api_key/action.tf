# terraform apply -invoke=action.svcacct_waldur_rotate_api_key.leak
action "svcacct_waldur_rotate_api_key" "leak" {
  config {
    customer_service_account = "0a6f3d9c41b74e85b2d7c8f1e95a604d"
  }
}
