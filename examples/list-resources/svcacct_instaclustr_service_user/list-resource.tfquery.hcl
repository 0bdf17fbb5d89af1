list "svcacct_instaclustr_service_user" "all" {
  provider = svcacct
  limit    = 1000
}
