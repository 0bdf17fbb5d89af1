data "svcacct_instaclustr_service_users" "all" {}

output "owners" {
  value = [for user in data.svcacct_instaclustr_service_users.all.service_users : user.username if user.role == "OWNER"]
}
