# Instaclustr: a service user with a key that works from one network alone.

resource "svcacct_instaclustr_service_user" "backup" {
  username     = "backup"
  email        = "backup@acme.example"
  display_name = "Nightly backup"
  role         = "CLUSTER_ADMIN"
}

resource "svcacct_instaclustr_service_user_api_key" "provisioning" {
  username        = svcacct_instaclustr_service_user.backup.username
  key_type        = "PROVISIONING"
  cidr_allow_list = ["198.51.100.0/24"]

  keepers = { release = var.release }
}

output "provisioning_key" {
  value     = svcacct_instaclustr_service_user_api_key.provisioning.api_key
  sensitive = true
}
