terraform {
  required_version = ">= 1.5"

  required_providers {
    svcacct = {
      source = "svcacct/svcacct"
    }
  }
}
