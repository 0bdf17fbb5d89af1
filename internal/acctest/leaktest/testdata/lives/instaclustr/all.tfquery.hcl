list "svcacct_instaclustr_service_user" "all" {
  provider         = svcacct
  include_resource = true
}

list "svcacct_instaclustr_service_user_api_key" "all" {
  provider         = svcacct
  include_resource = true
}
