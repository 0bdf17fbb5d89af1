resource "vault_kv_secret_v2" "pipeline" {
  mount = "secret"
  name  = "pipeline"

  data_json_wo         = jsonencode({ api_key = ephemeral.svcacct_decrypted_api_key.pipeline.api_key })
  data_json_wo_version = svcacct_waldur_project_service_account.pipeline.key_version
}
