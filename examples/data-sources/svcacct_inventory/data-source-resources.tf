# A warning while a key ends within two weeks. No list of accounts returns when keys end; the resources have it.
data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

resource "svcacct_waldur_customer_service_account" "report" {
  customer_uuid        = data.svcacct_waldur_customer.acme.uuid
  preferred_identifier = "report"
}

locals {
  soon = timeadd(plantimestamp(), "336h")
  ending_keys = [
    for account in [svcacct_waldur_customer_service_account.report] : "${account.username} (${account.expires_at})"
    if account.expires_at == null ? false : timecmp(account.expires_at, local.soon) < 0
  ]
}

check "ending_keys" {
  assert {
    condition     = length(local.ending_keys) == 0
    error_message = "Keys that end within two weeks: ${join(", ", local.ending_keys)}"
  }
}
