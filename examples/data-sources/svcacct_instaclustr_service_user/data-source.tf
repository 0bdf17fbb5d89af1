data "svcacct_instaclustr_service_user" "grafana" {
  username = "grafana_reader"
}

output "grafana_key_types" {
  value = data.svcacct_instaclustr_service_user.grafana.key_types
}
