list "svcacct_waldur_project_service_account" "erred" {
  provider = svcacct
  limit    = 1000

  # All accounts that the token may see, if there are no filters.
  config {
    project_uuid = "3f2b9a6d7c1e4850b4d2e8f60a9c7135"
    states       = ["Erred"]
  }
}
