variable "release" {
  description = "A new release gets a new key."
  type        = string
  default     = "2026.1"
}

data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

resource "svcacct_waldur_customer_service_account" "billing" {
  customer_uuid        = data.svcacct_waldur_customer.acme.uuid
  preferred_identifier = "billing"
  email                = "platform@acme.example"

  keepers = { release = var.release }
}
