variable "rotated" {
  description = "Date of the last rotation of each account."
  type        = map(string)
  default     = { a = "2026-09", b = "2026-06" }
}

variable "in_use" {
  description = "The account that consumers use."
  type        = string
  default     = "a"
}

data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

resource "svcacct_waldur_project_service_account" "worker" {
  for_each = var.rotated

  project_uuid         = data.svcacct_waldur_project.climate.uuid
  preferred_identifier = "worker-${each.key}"

  keepers = { rotated = each.value }
}

output "worker_api_key" {
  value     = svcacct_waldur_project_service_account.worker[var.in_use].api_key
  sensitive = true
}
