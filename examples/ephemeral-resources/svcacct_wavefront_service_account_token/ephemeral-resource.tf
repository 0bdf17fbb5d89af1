# The value of an existing token, in neither plan nor state.
ephemeral "svcacct_wavefront_service_account_token" "deploy" {
  service_account = "sa::legacy"
  name            = "deploy"
}

# A token for this run alone: generated now, revoked at the end.
ephemeral "svcacct_wavefront_service_account_token" "migration" {
  service_account = "sa::legacy"
  name            = "migration"
  temporary       = true
  lifetime        = "2h"
}

# The value goes to where ephemeral values may go: write-only arguments, provider blocks, provisioners.
resource "terraform_data" "hand_over" {
  provisioner "local-exec" {
    command = "test -n \"$DEPLOY\" && test -n \"$MIGRATION\"" # your program
    environment = {
      DEPLOY    = ephemeral.svcacct_wavefront_service_account_token.deploy.api_key
      MIGRATION = ephemeral.svcacct_wavefront_service_account_token.migration.api_key
    }
  }
}
