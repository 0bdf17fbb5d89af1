list "svcacct_wavefront_service_account_token" "legacy" {
  provider = svcacct

  # The tokens of all accounts, if none is named.
  config {
    service_account = "sa::legacy"
  }
}
