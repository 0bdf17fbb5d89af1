variable "incident" {
  description = "Date of the last leak, if there was one."
  type        = string
  default     = "none"
}

variable "overlapping" {
  description = "Whether the previous token stays valid for a while."
  type        = bool
  default     = true
}

resource "svcacct_wavefront_service_account" "ci" {
  identifier = "sa::ci"
}

resource "svcacct_wavefront_service_account_token" "deploy" {
  service_account = svcacct_wavefront_service_account.ci.id
  name            = "deploy"

  keepers      = { incident = var.incident }
  rotate_after = "2160h"
  overlap      = var.overlapping ? "48h" : null
}
