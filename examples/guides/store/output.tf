output "pipeline_encrypted_api_key" {
  value = svcacct_waldur_project_service_account.pipeline.encrypted_api_key
}
