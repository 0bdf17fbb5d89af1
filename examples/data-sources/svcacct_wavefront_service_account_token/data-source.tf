data "svcacct_wavefront_service_account_token" "deploy" {
  service_account = "sa::legacy"
  name            = "deploy"
}

output "deploy_last_used" {
  value = data.svcacct_wavefront_service_account_token.deploy.last_used
}
