action "svcacct_instaclustr_rotate_api_key" "leak" {
  config {
    username = "ci"
    key_type = "MONITORING"
  }
}
