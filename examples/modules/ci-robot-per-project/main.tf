resource "svcacct_waldur_project_service_account" "robot" {
  for_each = var.projects

  project_uuid         = each.value.project_uuid
  preferred_identifier = "${var.prefix}-${each.key}"
  description          = "CI of ${each.key}"
  email                = each.value.email

  rotate_after = var.rotate_after
  keepers      = { incident = each.value.incident }
}
