data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

resource "svcacct_waldur_project_service_account" "pipeline" {
  project_uuid         = data.svcacct_waldur_project.climate.uuid
  preferred_identifier = "pipeline"
  description          = "Runs the models"
  email                = "platform@acme.example"

  # A new key when this changes, when it is 90 days old, or a week before it ends.
  keepers              = { incident = "2026-03" }
  rotate_after         = "2160h"
  rotate_before_expiry = "168h"
}

output "pipeline_key" {
  value     = svcacct_waldur_project_service_account.pipeline.api_key
  sensitive = true
}
