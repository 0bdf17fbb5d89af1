terraform {
  required_version = ">= 1.11" # Terraform; OpenTofu from 1.12 on

  required_providers {
    svcacct = {
      source = "svcacct/svcacct"
    }
  }
}
