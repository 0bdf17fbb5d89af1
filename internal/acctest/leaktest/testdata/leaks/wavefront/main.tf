terraform {
  required_providers {
    svcacct = { source = "svcacct/svcacct" }
  }
}

resource "svcacct_wavefront_service_account" "ci" {
  identifier = "sa::ci"
}

resource "svcacct_wavefront_service_account_token" "deploy" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "deploy"
}

data "svcacct_wavefront_service_account_tokens" "all" {
  service_account = svcacct_wavefront_service_account.ci.id
  depends_on      = [svcacct_wavefront_service_account_token.deploy]
}
