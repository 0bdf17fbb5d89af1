variable "age_identity" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "release" {
  description = "A new release gets a new key."
  type        = string
  default     = "2026.1"
}

data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

resource "svcacct_waldur_project_service_account" "pipeline" {
  project_uuid         = data.svcacct_waldur_project.climate.uuid
  preferred_identifier = "pipeline"

  keepers      = { release = var.release }
  rotate_after = "2160h"

  age_recipients = [
    "age19wtqwqwpvw7nkwh32whjhlf435qvlpd43528lfj7rust7ke6rvksu56qvq", # the pipeline
    "age1kjras85zufq77vxjhhl0uk6kzj0qvsdk9tm90arksj3jqva4qsuq0s5wyv", # offline, in the safe
  ]
}

ephemeral "svcacct_decrypted_api_key" "pipeline" {
  encrypted_api_key = svcacct_waldur_project_service_account.pipeline.encrypted_api_key
  age_recipients    = svcacct_waldur_project_service_account.pipeline.age_recipients
  identity          = var.age_identity
}
