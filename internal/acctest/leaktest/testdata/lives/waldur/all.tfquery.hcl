list "svcacct_waldur_customer_service_account" "all" {
  provider         = svcacct
  include_resource = true
}

list "svcacct_waldur_project_service_account" "all" {
  provider         = svcacct
  include_resource = true
}

list "svcacct_waldur_robot_account" "all" {
  provider         = svcacct
  include_resource = true
}
