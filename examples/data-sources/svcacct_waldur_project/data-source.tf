data "svcacct_waldur_customer" "acme" {
  name = "ACME Research"
}

data "svcacct_waldur_project" "climate" {
  customer_uuid = data.svcacct_waldur_customer.acme.uuid
  name          = "Climate models"
}
