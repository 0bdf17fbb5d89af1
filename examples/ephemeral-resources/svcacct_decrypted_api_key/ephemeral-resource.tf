variable "age_identity" {
  type        = string
  description = "AGE-SECRET-KEY-1..., from the CI's own secret store"
  sensitive   = true
  ephemeral   = true
}

locals {
  age_recipients = ["age19wtqwqwpvw7nkwh32whjhlf435qvlpd43528lfj7rust7ke6rvksu56qvq"]
}

data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

resource "svcacct_waldur_project_service_account" "pipeline" {
  project_uuid         = data.svcacct_waldur_project.climate.uuid
  preferred_identifier = "pipeline"
  age_recipients       = local.age_recipients
}

# The key, in neither plan nor state.
ephemeral "svcacct_decrypted_api_key" "pipeline" {
  encrypted_api_key = svcacct_waldur_project_service_account.pipeline.encrypted_api_key
  identity          = var.age_identity
  age_recipients    = local.age_recipients
}

# The key goes to where ephemeral values may go: write-only arguments, provider blocks, provisioners.
resource "terraform_data" "hand_over" {
  triggers_replace = svcacct_waldur_project_service_account.pipeline.key_version # once for each new key

  provisioner "local-exec" {
    command = "test -n \"$API_KEY\"" # your program
    environment = {
      API_KEY = ephemeral.svcacct_decrypted_api_key.pipeline.api_key
    }
  }
}
