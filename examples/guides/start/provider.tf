terraform {
  required_providers {
    svcacct = {
      source = "svcacct/svcacct"
    }
  }
}

provider "svcacct" {} # the environment has the settings
