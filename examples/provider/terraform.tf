terraform {
  required_providers {
    svcacct = {
      source = "svcacct/svcacct"
    }
  }
}
