list "svcacct_wavefront_service_account" "of_ci" {
  provider = svcacct
  limit    = 1000

  # All accounts, if there are no conditions.
  config {
    search = [{
      key    = "identifier"
      values = ["sa::ci"]
    }]
  }
}
