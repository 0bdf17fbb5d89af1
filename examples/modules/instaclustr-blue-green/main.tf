locals {
  users = { blue = var.emails.blue, green = var.emails.green }
}

resource "svcacct_instaclustr_service_user" "user" {
  for_each = local.users

  username     = "${var.name}_${each.key}"
  email        = each.value
  display_name = "${var.name}, ${each.key}"
  role         = var.role
}

resource "svcacct_instaclustr_service_user_api_key" "key" {
  for_each = local.users

  username        = svcacct_instaclustr_service_user.user[each.key].username
  key_type        = var.key_type
  cidr_allow_list = var.cidr_allow_list

  keepers = { rotated = var.rotated[each.key] }
}
