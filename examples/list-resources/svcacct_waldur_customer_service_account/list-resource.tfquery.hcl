list "svcacct_waldur_customer_service_account" "erred" {
  provider = svcacct
  limit    = 1000

  # All accounts that the token may see, if there are no filters.
  config {
    customer_uuid = "7c1e0f4b92d84f5aa1c6e6f20b8d3a91"
    states        = ["Erred"]
  }
}
