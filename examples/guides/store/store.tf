terraform {
  required_providers {
    svcacct = {
      source = "svcacct/svcacct"
    }
    secretstore = {
      source = "svcacct/secretstore"
    }
  }
}

provider "svcacct" {} # the environment has the settings

provider "secretstore" {
  folder = "store"
}

resource "secretstore_secret" "pipeline" {
  name             = "pipeline"
  value_wo         = ephemeral.svcacct_decrypted_api_key.pipeline.api_key
  value_wo_version = svcacct_waldur_project_service_account.pipeline.key_version
}
