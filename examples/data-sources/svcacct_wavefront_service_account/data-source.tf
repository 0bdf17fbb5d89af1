data "svcacct_wavefront_service_account" "legacy" {
  identifier = "sa::legacy"
}

output "what_legacy_may_do" {
  value = data.svcacct_wavefront_service_account.legacy.united_permissions
}
