data "svcacct_instaclustr_service_user_api_keys" "provisioning" {
  key_type = "PROVISIONING"
}

check "who_may_provision" {
  assert {
    condition     = length(data.svcacct_instaclustr_service_user_api_keys.provisioning.api_keys) <= 5
    error_message = "Keys: ${join(", ", data.svcacct_instaclustr_service_user_api_keys.provisioning.api_keys[*].id)}"
  }
}
