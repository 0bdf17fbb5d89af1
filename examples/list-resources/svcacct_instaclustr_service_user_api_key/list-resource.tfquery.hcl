list "svcacct_instaclustr_service_user_api_key" "provisioning" {
  provider = svcacct
  limit    = 1000

  config {
    key_type = "PROVISIONING"
  }
}
