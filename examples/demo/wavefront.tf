# Wavefront: a service account with a token whose predecessor stays valid for a while after a rotation.

variable "overlapping" {
  description = "Whether the previous token stays valid for a while."
  type        = bool
  default     = true
}

data "svcacct_wavefront_role" "writer" {
  name = "Metrics writer"
}

resource "svcacct_wavefront_service_account" "ci" {
  identifier  = "sa::ci"
  description = "Writes build metrics"
  roles       = [data.svcacct_wavefront_role.writer.id]
}

resource "svcacct_wavefront_service_account_token" "deploy" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "deploy"

  keepers = { release = var.release }
  overlap = var.overlapping ? "24h" : null
}

output "deploy_key" {
  value     = svcacct_wavefront_service_account_token.deploy.api_key
  sensitive = true
}
