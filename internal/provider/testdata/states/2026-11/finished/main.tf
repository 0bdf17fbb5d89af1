# Null when the state was written. A plan with another value rotates what is older at the last refresh.
variable "rotate_after" {
  type    = string
  default = null
}

resource "svcacct_waldur_customer_service_account" "plain" {
  customer_uuid        = "00000000-0000-0000-0000-000000000001"
  preferred_identifier = "plain"
}

resource "svcacct_waldur_customer_service_account" "rotated" {
  customer_uuid        = "00000000000000000000000000000001"
  preferred_identifier = "rotated"
  description          = <<-EOT
    Two lines,
    and a newline at the end.
  EOT
  email                = "rotated@acme.example"
  keepers              = { issue = "2" }
  rotate_after         = var.rotate_after
}

resource "svcacct_waldur_customer_service_account" "imported" {
  customer_uuid        = "00000000000000000000000000000001"
  preferred_identifier = "legacy"
  description          = "Made by hand"
  email                = "legacy@acme.example"
}

resource "svcacct_waldur_project_service_account" "rotated" {
  project_uuid         = "00000000000000000000000000000004"
  preferred_identifier = "rotated"
  description          = "Of a project"
  email                = "rotated@acme.example"
  keepers              = { issue = "2" }
  rotate_after         = var.rotate_after
}

resource "svcacct_waldur_project_service_account" "imported" {
  project_uuid         = "00000000000000000000000000000004"
  preferred_identifier = "older"
}

resource "svcacct_waldur_robot_account" "full" {
  resource_uuid    = "00000000000000000000000000000007"
  type             = "full"
  username         = "robot"
  description      = "Builds"
  users            = ["0000000000000000000000000000000c", "0000000000000000000000000000000e"]
  responsible_user = "0000000000000000000000000000000c"
  state            = "OK"
  keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJW72pNaLpGCcYp4gDKEz7WMkphnkFPlJ//JmTB/bInl ci@build-7\n",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops",
  ]
}

resource "svcacct_waldur_robot_account" "erred" {
  resource_uuid = "00000000000000000000000000000007"
  type          = "erred"
  state         = "Error"
  error_message = "Out of order"
}

resource "svcacct_waldur_robot_account" "leaving" {
  resource_uuid = "00000000000000000000000000000007"
  type          = "leave"
  state         = "Requested deletion"
  deletion_mode = "request_deletion"
}

# Waldur hides Eve, who has taken the consent back.
resource "svcacct_waldur_robot_account" "hidden" {
  resource_uuid    = "00000000000000000000000000000009"
  type             = "hide"
  users            = ["00000000000000000000000000000010", "00000000000000000000000000000012"]
  responsible_user = "00000000000000000000000000000012"
}

resource "svcacct_waldur_robot_account" "imported" {
  resource_uuid = "00000000000000000000000000000007"
  type          = "copy"
  username      = "copied"
  description   = "From another Waldur"
}

resource "svcacct_wavefront_service_account" "plain" {
  identifier = "sa::plain"
}

# The server has put it into a group for new accounts.
resource "svcacct_wavefront_service_account" "full" {
  identifier  = "sa::full"
  description = "Builds"
  permissions = ["ingestion", "metrics_management"]
  roles       = ["00000000-0000-4000-8000-000000000002"]
  user_groups = ["00000000-0000-4000-8000-000000000003"]
}

resource "svcacct_wavefront_service_account" "inactive" {
  identifier = "sa::inactive"
  active     = false
}

# The provider runs with a token of this account.
resource "svcacct_wavefront_service_account" "own" {
  identifier  = "sa::own"
  permissions = ["user_management"]
}

resource "svcacct_wavefront_service_account" "imported" {
  identifier  = "sa::legacy"
  description = "Made by hand"
  user_groups = ["00000000-0000-4000-8000-000000000003"]
}

resource "svcacct_wavefront_service_account" "moved" {
  identifier  = "sa::moved"
  description = "From vmware/wavefront"
  permissions = ["ingestion"]
}

resource "svcacct_wavefront_service_account_token" "plain" {
  service_account = svcacct_wavefront_service_account.full.id
  name            = "plain"
  keepers         = { issue = "2" }
  rotate_after    = var.rotate_after
}

resource "svcacct_wavefront_service_account_token" "overlap" {
  service_account = svcacct_wavefront_service_account.full.id
  name            = "overlap"
  keepers         = { issue = "2" }
  overlap         = "876000h"
}

resource "svcacct_wavefront_service_account_token" "unstored" {
  service_account = svcacct_wavefront_service_account.full.id
  name            = "unstored"
  keepers         = { issue = "2" }
  overlap         = "876000h"
  store_api_key   = false
}

resource "svcacct_wavefront_service_account_token" "imported" {
  service_account = svcacct_wavefront_service_account.imported.id
  name            = "imported"
}

resource "svcacct_instaclustr_service_user" "plain" {
  username         = "plain"
  email            = "plain@example.com"
  role             = "READ_ONLY"
  initial_api_keys = "keep"
}

# The creator stays an administrator without being listed.
resource "svcacct_instaclustr_service_user" "full" {
  username       = "full"
  email          = "Full@Example.com"
  display_name   = "Builds"
  role           = "CLUSTER_ADMIN"
  administrators = ["a.lee"]
}

resource "svcacct_instaclustr_service_user" "imported" {
  username     = "legacy"
  email        = "legacy@example.com"
  display_name = "Made by hand"
  role         = "READ_ONLY"
}

resource "svcacct_instaclustr_service_user_api_key" "rotated" {
  username        = svcacct_instaclustr_service_user.full.username
  key_type        = "MONITORING"
  cidr_allow_list = ["198.51.100.7/24", "203.0.113.7/32"]
  keepers         = { issue = "2" }
  rotate_after    = var.rotate_after
}

resource "svcacct_instaclustr_service_user_api_key" "plain" {
  username = svcacct_instaclustr_service_user.full.username
  key_type = "USER_MANAGEMENT"
}

resource "svcacct_instaclustr_service_user_api_key" "adopted" {
  username          = svcacct_instaclustr_service_user.plain.username
  key_type          = "MONITORING"
  adopt_by_rotation = true
}

resource "svcacct_instaclustr_service_user_api_key" "imported" {
  username = svcacct_instaclustr_service_user.imported.username
  key_type = "MONITORING"
}
