resource "svcacct_wavefront_service_account" "ci" {
  identifier = "sa::ci"
}

resource "svcacct_wavefront_service_account_token" "deploy" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "deploy"

  # A new token when this changes, and every 90 days. The old one stays valid for two days more.
  keepers      = { incident = "2026-03" }
  rotate_after = "2160h"
  overlap      = "48h"
}

# A token that is in no state: the ephemeral resource of the same name reads it, after each rotation too.
resource "svcacct_wavefront_service_account_token" "backup" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "backup"
  store_api_key   = false
}

output "deploy_key" {
  value     = svcacct_wavefront_service_account_token.deploy.api_key
  sensitive = true
}
