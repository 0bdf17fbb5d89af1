data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

resource "svcacct_waldur_customer_service_account" "billing" {
  customer_uuid        = data.svcacct_waldur_customer.acme.uuid
  preferred_identifier = "billing-bot"
  description          = "Nightly cost export"
  email                = "platform@acme.example"

  # A new key when this changes, when it is 90 days old, or a week before it ends.
  keepers              = { incident = "2026-03" }
  rotate_after         = "2160h"
  rotate_before_expiry = "168h"
}

output "billing_key" {
  value     = svcacct_waldur_customer_service_account.billing.api_key
  sensitive = true
}
