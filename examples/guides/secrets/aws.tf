resource "aws_secretsmanager_secret" "pipeline" {
  name = "pipeline"
}

resource "aws_secretsmanager_secret_version" "pipeline" {
  secret_id                = aws_secretsmanager_secret.pipeline.id
  secret_string_wo         = ephemeral.svcacct_decrypted_api_key.pipeline.api_key
  secret_string_wo_version = svcacct_waldur_project_service_account.pipeline.key_version
}
