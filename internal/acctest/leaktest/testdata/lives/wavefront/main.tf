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

variable "overlap" {
  default = "1h"
}

provider "svcacct" {
  wavefront = { token = var.credential }
  http      = { max_retries = 1 }
}

resource "svcacct_wavefront_service_account" "ci" {
  identifier  = "sa::ci"
  description = "Release ${var.release}"
  roles       = [data.svcacct_wavefront_role.writer.id]
}

resource "svcacct_wavefront_service_account_token" "deploy" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "deploy-${var.release}"
  keepers         = { release = var.release }
  overlap         = var.overlap == "" ? null : var.overlap
  age_recipients  = var.sealed ? [var.recipient] : null
}

resource "svcacct_wavefront_service_account_token" "hidden" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "hidden"
  keepers         = { release = min(var.release, 6) } # not rotated by a provider that is killed
  store_api_key   = false
}

data "svcacct_wavefront_role" "writer" {
  name = "Metrics writer"
}

data "svcacct_wavefront_user_group" "all" {
  name = "Service Accounts"
}

data "svcacct_wavefront_service_account" "ci" {
  identifier = svcacct_wavefront_service_account.ci.id
  depends_on = [svcacct_wavefront_service_account_token.deploy]
}

data "svcacct_wavefront_service_accounts" "all" {
  depends_on = [svcacct_wavefront_service_account_token.deploy]
}

data "svcacct_wavefront_service_account_token" "deploy" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = svcacct_wavefront_service_account_token.deploy.name
}

data "svcacct_wavefront_service_account_tokens" "all" {
  service_account = svcacct_wavefront_service_account.ci.id
  depends_on      = [svcacct_wavefront_service_account_token.deploy]
}

ephemeral "svcacct_wavefront_service_account_token" "hidden" {
  service_account = svcacct_wavefront_service_account_token.hidden.service_account
  name            = svcacct_wavefront_service_account_token.hidden.name
  key_version     = svcacct_wavefront_service_account_token.hidden.key_version
}
