list "svcacct_wavefront_service_account" "all" {
  provider         = svcacct
  include_resource = true
}

list "svcacct_wavefront_service_account_token" "all" {
  provider         = svcacct
  include_resource = true
}
