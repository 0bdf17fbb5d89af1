terraform {
  required_providers {
    svcacct = {
      source = "svcacct/svcacct"
    }
  }
}

variable "customer" {
  type = string
}

variable "accounts" {
  type        = set(string)
  description = "Programs, each with an account at Waldur and an account with a token at Wavefront."
}

variable "release" {
  type        = string
  description = "A new release gets new keys."
}

data "svcacct_waldur_customer" "this" {
  name = var.customer
}

data "svcacct_wavefront_role" "writer" {
  name = "Metrics writer"
}

resource "svcacct_waldur_customer_service_account" "this" {
  for_each = var.accounts

  customer_uuid        = data.svcacct_waldur_customer.this.uuid
  preferred_identifier = each.key
  keepers              = { release = var.release }
  rotate_after         = "2160h"
}

resource "svcacct_wavefront_service_account" "this" {
  for_each = var.accounts

  identifier = "sa::${each.key}"
  roles      = [data.svcacct_wavefront_role.writer.id]
}

resource "svcacct_wavefront_service_account_token" "this" {
  for_each = var.accounts

  service_account = svcacct_wavefront_service_account.this[each.key].id
  name            = "metrics"
  keepers         = { release = var.release }
}

output "api_keys" {
  value = {
    for name in var.accounts : name => {
      waldur    = svcacct_waldur_customer_service_account.this[name].api_key
      wavefront = svcacct_wavefront_service_account_token.this[name].api_key
    }
  }
  sensitive = true
}

output "waldur_keys_end" {
  value = { for name, account in svcacct_waldur_customer_service_account.this : name => account.expires_at }
}
