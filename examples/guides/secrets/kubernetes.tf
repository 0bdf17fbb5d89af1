resource "kubernetes_secret_v1" "pipeline" {
  metadata {
    name      = "pipeline"
    namespace = "jobs"
  }

  data_wo          = { api_key = ephemeral.svcacct_decrypted_api_key.pipeline.api_key }
  data_wo_revision = svcacct_waldur_project_service_account.pipeline.key_version
}
