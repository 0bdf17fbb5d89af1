# A warning while a key ends within two weeks. No list of accounts returns when keys end; the resources have it.
data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

resource "svcacct_waldur_customer_service_account" "report" {
  customer_uuid        = data.svcacct_waldur_customer.acme.uuid
  preferred_identifier = "report"
}

locals {
  ends = { (svcacct_waldur_customer_service_account.report.id) = svcacct_waldur_customer_service_account.report.expires_at }
  soon = timeadd(plantimestamp(), "336h")
}

check "ending_keys" {
  assert {
    condition     = alltrue([for end in values(local.ends) : end == null || try(timecmp(end, local.soon) > 0, false)])
    error_message = "Keys that end within two weeks: ${join(", ", [for id, end in local.ends : "${id} (${end})" if end != null])}"
  }
}
