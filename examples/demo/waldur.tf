# Waldur: service accounts of a customer and of a project, and a robot account.

variable "robot_state" {
  description = "The state to take the robot account to."
  type        = string
  default     = "OK"
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

data "svcacct_waldur_resource" "hpc" {
  project_uuid = data.svcacct_waldur_project.climate.uuid
  name         = "hpc-allocation-7"
}

data "svcacct_waldur_user" "ada" {
  username = "ada.kask"
}

resource "svcacct_waldur_robot_account" "ci" {
  resource_uuid    = data.svcacct_waldur_resource.hpc.uuid
  type             = "cicd"
  description      = "Deploys nightly builds"
  users            = [data.svcacct_waldur_user.ada.uuid]
  responsible_user = data.svcacct_waldur_user.ada.uuid
  state            = var.robot_state

  keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJW72pNaLpGCcYp4gDKEz7WMkphnkFPlJ//JmTB/bInl ci@build-7",
  ]
}

output "billing_key" {
  value     = svcacct_waldur_customer_service_account.billing.api_key
  sensitive = true
}

output "pipeline_key" {
  value     = svcacct_waldur_project_service_account.pipeline.api_key
  sensitive = true
}
