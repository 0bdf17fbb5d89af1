terraform {
  required_providers {
    svcacct = { source = "svcacct/svcacct" }
  }
}

variable "recipient" {}

variable "sealed" {
  default = false
}

variable "release" {
  default = "1"
}

provider "svcacct" {
  http = { max_retries = 1 }
}

data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

data "svcacct_waldur_resource" "hpc" {
  name = "hpc-allocation-7"
}

data "svcacct_waldur_user" "ada" {
  username = "ada.kask"
}

resource "svcacct_waldur_customer_service_account" "billing" {
  customer_uuid        = data.svcacct_waldur_customer.acme.uuid
  preferred_identifier = "billing"
  description          = "Release ${var.release}"
  keepers              = { release = var.release }
  age_recipients       = var.sealed ? [var.recipient] : null
}

resource "svcacct_waldur_project_service_account" "pipeline" {
  project_uuid         = data.svcacct_waldur_project.climate.uuid
  preferred_identifier = "pipeline"
  description          = "Release ${var.release}"
  keepers              = { release = var.release }
  rotate_after         = "2160h"
  age_recipients       = var.sealed ? [var.recipient] : null
}

resource "svcacct_waldur_robot_account" "ci" {
  resource_uuid = data.svcacct_waldur_resource.hpc.uuid
  type          = "cicd"
  description   = "Release ${var.release}"
  users         = [data.svcacct_waldur_user.ada.uuid]
}

data "svcacct_waldur_customer_service_account" "billing" {
  customer_uuid = data.svcacct_waldur_customer.acme.uuid
  username      = svcacct_waldur_customer_service_account.billing.username
}

data "svcacct_waldur_customer_service_accounts" "all" {
  depends_on = [svcacct_waldur_customer_service_account.billing]
}

data "svcacct_waldur_project_service_account" "pipeline" {
  project_uuid = data.svcacct_waldur_project.climate.uuid
  username     = svcacct_waldur_project_service_account.pipeline.username
}

data "svcacct_waldur_project_service_accounts" "all" {
  depends_on = [svcacct_waldur_project_service_account.pipeline]
}

data "svcacct_waldur_robot_account" "ci" {
  resource_uuid = data.svcacct_waldur_resource.hpc.uuid
  type          = svcacct_waldur_robot_account.ci.type
}

data "svcacct_waldur_robot_accounts" "all" {
  depends_on = [svcacct_waldur_robot_account.ci]
}

data "svcacct_inventory" "all" {
}
