# Each system is optional: configure those that you use.
provider "svcacct" {
  waldur = {
    endpoint = "https://waldur.example.org"
    token    = var.waldur_token # or the environment variable WALDUR_ACCESS_TOKEN
  }
}

variable "waldur_token" {
  type      = string
  sensitive = true
}
