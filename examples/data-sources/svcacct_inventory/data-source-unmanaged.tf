# A warning while there is an account that this configuration does not manage.
resource "svcacct_wavefront_service_account" "ci" {
  identifier = "sa::ci"
}

locals {
  managed_accounts = [svcacct_wavefront_service_account.ci.id]
}

check "unmanaged_accounts" {
  data "svcacct_inventory" "wavefront" {
    systems    = ["wavefront"]
    depends_on = [svcacct_wavefront_service_account.ci]
  }

  assert {
    condition = alltrue([
      for row in data.svcacct_inventory.wavefront.rows : row.account != null || contains(local.managed_accounts, row.id)
    ])
    error_message = "Not managed here: ${join(", ", [
      for row in data.svcacct_inventory.wavefront.rows : row.id
      if row.account == null && !contains(local.managed_accounts, row.id)
    ])}"
  }
}
