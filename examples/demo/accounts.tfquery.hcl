# What "terraform query" finds. It needs Terraform 1.14.

list "svcacct_waldur_customer_service_account" "all" {
  provider = svcacct
}

list "svcacct_waldur_project_service_account" "all" {
  provider = svcacct
}

list "svcacct_waldur_robot_account" "all" {
  provider = svcacct
}

list "svcacct_wavefront_service_account" "all" {
  provider = svcacct
}

list "svcacct_wavefront_service_account_token" "all" {
  provider = svcacct
}

list "svcacct_instaclustr_service_user" "all" {
  provider = svcacct
}

list "svcacct_instaclustr_service_user_api_key" "all" {
  provider = svcacct
}
