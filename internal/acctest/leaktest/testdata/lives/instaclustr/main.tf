terraform {
  required_providers {
    svcacct = { source = "svcacct/svcacct" }
  }
}

variable "credential" {
  ephemeral = true
}

variable "recipient" {}

variable "sealed" {
  default = false
}

variable "release" {
  default = "1"
}

variable "role" {
  default = "CLUSTER_ADMIN"
}

provider "svcacct" {
  instaclustr = { api_key = var.credential }
  http        = { max_retries = 1 }
}

resource "svcacct_instaclustr_service_user" "ci" {
  username     = "ci"
  email        = "ci@acme.example"
  display_name = "Release ${var.release}"
  role         = var.role
}

resource "svcacct_instaclustr_service_user" "run" {
  username = "run"
  email    = "run@acme.example"
  role     = "CLUSTER_ADMIN"
}

resource "svcacct_instaclustr_service_user_api_key" "monitoring" {
  username        = svcacct_instaclustr_service_user.ci.username
  key_type        = "MONITORING"
  cidr_allow_list = ["198.51.100.0/24"]
  keepers         = { release = var.release }
  age_recipients  = var.sealed ? [var.recipient] : null
}

resource "svcacct_instaclustr_service_user_api_key" "legacy" {
  username          = "legacy"
  key_type          = "MONITORING"
  adopt_by_rotation = true
  age_recipients    = var.sealed ? [var.recipient] : null
}

data "svcacct_instaclustr_service_user" "ci" {
  username   = svcacct_instaclustr_service_user.ci.id
  depends_on = [svcacct_instaclustr_service_user_api_key.monitoring]
}

data "svcacct_instaclustr_service_users" "all" {
  depends_on = [svcacct_instaclustr_service_user_api_key.monitoring]
}

data "svcacct_instaclustr_service_user_api_key" "monitoring" {
  username = svcacct_instaclustr_service_user.ci.id
  key_type = svcacct_instaclustr_service_user_api_key.monitoring.key_type
}

data "svcacct_instaclustr_service_user_api_keys" "all" {
  depends_on = [svcacct_instaclustr_service_user_api_key.monitoring]
}

ephemeral "svcacct_instaclustr_service_user_api_key" "run" {
  username = svcacct_instaclustr_service_user.run.id
  key_type = "PROVISIONING"
}
