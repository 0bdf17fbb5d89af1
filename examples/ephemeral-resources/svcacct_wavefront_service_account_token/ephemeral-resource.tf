resource "svcacct_wavefront_service_account" "ci" {
  identifier = "sa::ci"
}

# A token that is in no state.
resource "svcacct_wavefront_service_account_token" "deploy" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "deploy"
  keepers         = { incident = "2026-03" }
  store_api_key   = false
}

# Its value, in neither plan nor state.
ephemeral "svcacct_wavefront_service_account_token" "deploy" {
  service_account = svcacct_wavefront_service_account_token.deploy.service_account
  name            = svcacct_wavefront_service_account_token.deploy.name
  key_version     = svcacct_wavefront_service_account_token.deploy.key_version # reads after a rotation, not before
}

# A token for this run alone: generated now, revoked at the end.
ephemeral "svcacct_wavefront_service_account_token" "migration" {
  service_account = svcacct_wavefront_service_account.ci.id # not identifier: the id is unknown until the account exists
  name            = "migration"
  temporary       = true
  lifetime        = "2h"
}

# The value goes to where ephemeral values may go: write-only arguments, provider blocks, provisioners.
resource "terraform_data" "hand_over" {
  triggers_replace = svcacct_wavefront_service_account_token.deploy.key_version # once for each new token

  provisioner "local-exec" {
    command = "test -n \"$DEPLOY\" && test -n \"$MIGRATION\"" # your program
    environment = {
      DEPLOY    = ephemeral.svcacct_wavefront_service_account_token.deploy.api_key
      MIGRATION = ephemeral.svcacct_wavefront_service_account_token.migration.api_key
    }
  }
}
