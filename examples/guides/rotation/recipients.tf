variable "recipients" {
  description = "Public keys of the pipeline, and of the identity that is kept offline."
  type        = list(string)
  default     = null
}

resource "svcacct_waldur_project_service_account" "pipeline" {
  project_uuid         = data.svcacct_waldur_project.climate.uuid
  preferred_identifier = "pipeline"

  age_recipients = var.recipients
}

resource "svcacct_wavefront_service_account_token" "metrics" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "metrics"

  age_recipients = var.recipients
}
