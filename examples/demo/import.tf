# Accounts that were made by hand come under management.

import {
  to = svcacct_waldur_customer_service_account.legacy
  id = "${data.svcacct_waldur_customer.acme.uuid}/svc-legacy"
}

resource "svcacct_waldur_customer_service_account" "legacy" {
  customer_uuid        = data.svcacct_waldur_customer.acme.uuid
  preferred_identifier = "legacy"
  description          = "Made by hand, years ago"
}

import {
  to = svcacct_wavefront_service_account.legacy
  id = "sa::legacy"
}

resource "svcacct_wavefront_service_account" "legacy" {
  identifier  = "sa::legacy"
  description = "Made by hand, years ago"
}

import {
  to = svcacct_instaclustr_service_user.legacy
  id = "legacy"
}

resource "svcacct_instaclustr_service_user" "legacy" {
  username = "legacy"
  email    = "legacy@acme.example"
  role     = "READ_ONLY"
}
