# terraform apply -invoke=action.svcacct_instaclustr_rotate_api_key.leak
action "svcacct_instaclustr_rotate_api_key" "leak" {
  config {
    username = "ci_pipeline"
    key_type = "PROVISIONING"
  }
}
