# What "make demo" runs against the simulators. Addresses and credentials come from the environment.

terraform {
  required_providers {
    svcacct = {
      source = "svcacct/svcacct"
    }
  }
}

provider "svcacct" {}

variable "release" {
  description = "A new release gets new keys."
  type        = string
  default     = "2026.1"
}
