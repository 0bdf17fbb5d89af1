resource "svcacct_instaclustr_service_user" "backup" {
  username = "backup"
  email    = "backup@acme.example"
  role     = "CLUSTER_ADMIN"
}

resource "svcacct_instaclustr_service_user_api_key" "monitoring" {
  username = svcacct_instaclustr_service_user.backup.username
  key_type = "MONITORING"
}
