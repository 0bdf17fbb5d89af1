locals {
  # The services in each system
  waldur      = { for name, service in var.services : name => service if contains(service.systems, "waldur") }
  wavefront   = { for name, service in var.services : name => service if contains(service.systems, "wavefront") }
  instaclustr = { for name, service in var.services : name => service if contains(service.systems, "instaclustr") }
}

resource "svcacct_waldur_project_service_account" "this" {
  for_each = local.waldur

  project_uuid         = var.waldur_project_uuid
  preferred_identifier = "${var.team}-${each.key}"
  email                = each.value.email
  age_recipients       = var.age_recipients
  rotate_after         = var.rotate_after
}

resource "svcacct_wavefront_service_account" "this" {
  for_each = local.wavefront

  identifier  = "sa::${var.team}-${each.key}"
  permissions = var.wavefront_permissions
}

resource "svcacct_wavefront_service_account_token" "this" {
  for_each = local.wavefront

  service_account = svcacct_wavefront_service_account.this[each.key].id
  name            = each.key
  age_recipients  = var.age_recipients
  rotate_after    = var.rotate_after
}

resource "svcacct_instaclustr_service_user" "this" {
  for_each = local.instaclustr

  username = "${var.team}_${each.key}"
  email    = each.value.email
  role     = var.instaclustr_role
}

resource "svcacct_instaclustr_service_user_api_key" "this" {
  for_each = local.instaclustr

  username       = svcacct_instaclustr_service_user.this[each.key].username
  key_type       = var.instaclustr_key_type
  age_recipients = var.age_recipients
  rotate_after   = var.rotate_after
}

locals {
  keys = merge(
    {
      for name, key in svcacct_waldur_project_service_account.this : "waldur/${name}" => {
        login = key.username, version = key.key_version, encrypted = key.encrypted_api_key
      }
    },
    {
      for name, key in svcacct_wavefront_service_account_token.this : "wavefront/${name}" => {
        login = key.service_account, version = key.key_version, encrypted = key.encrypted_api_key
      }
    },
    {
      for name, key in svcacct_instaclustr_service_user_api_key.this : "instaclustr/${name}" => {
        login = key.username, version = key.key_version, encrypted = key.encrypted_api_key
      }
    },
  )
}

# The keys, in neither plan nor state.
ephemeral "svcacct_decrypted_api_key" "this" {
  for_each = local.keys

  encrypted_api_key = each.value.encrypted
  age_recipients    = var.age_recipients
  identity          = var.age_identity
}
