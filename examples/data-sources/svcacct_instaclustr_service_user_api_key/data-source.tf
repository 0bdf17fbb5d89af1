data "svcacct_instaclustr_service_user_api_key" "grafana" {
  username = "grafana_reader"
  key_type = "MONITORING"
}

output "grafana_key_ends_with" {
  value = data.svcacct_instaclustr_service_user_api_key.grafana.masked_key
}
