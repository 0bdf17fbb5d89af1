# What "make demo" runs against the simulators. The address and token of Waldur come from the environment.

terraform {
  required_providers {
    svcacct = {
      source = "svcacct/svcacct"
    }
  }
}

provider "svcacct" {}

variable "release" {
  description = "A new release gets new keys."
  type        = string
  default     = "2026.1"
}

data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

data "svcacct_waldur_project" "climate" {
  customer_uuid = data.svcacct_waldur_customer.acme.uuid
  name          = "Climate models"
}

resource "svcacct_waldur_customer_service_account" "billing" {
  customer_uuid        = data.svcacct_waldur_customer.acme.uuid
  preferred_identifier = "billing-bot"
  description          = "Nightly cost export"
  email                = "platform@acme.example"

  keepers = { release = var.release }
}

resource "svcacct_waldur_project_service_account" "pipeline" {
  project_uuid         = data.svcacct_waldur_project.climate.uuid
  preferred_identifier = "pipeline"
  description          = "Runs the models"

  keepers      = { release = var.release }
  rotate_after = "2160h" # 90 days
}

output "billing_key" {
  value     = svcacct_waldur_customer_service_account.billing.api_key
  sensitive = true
}

output "pipeline_key" {
  value     = svcacct_waldur_project_service_account.pipeline.api_key
  sensitive = true
}
