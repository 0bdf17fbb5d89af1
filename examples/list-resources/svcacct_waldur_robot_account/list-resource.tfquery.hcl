list "svcacct_waldur_robot_account" "all" {
  provider = svcacct
  limit    = 1000

  config {
    resource_uuid = "b20d5c6e8fa14b7f9e31c7d84a60f2e5"
    state         = "OK"
  }
}
