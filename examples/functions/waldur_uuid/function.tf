# A UUID as people copy it, from the address of a page or with hyphens.
locals {
  customer_uuid = provider::svcacct::waldur_uuid("https://waldur.example.org/organizations/0B8C7D1E-3F42-4A6B-9C5D-7E8F90A1B2C3/dashboard/")
}

# The account whose UUID has another spelling elsewhere.
output "same_customer" {
  value = local.customer_uuid == provider::svcacct::waldur_uuid("0b8c7d1e3f424a6b9c5d7e8f90a1b2c3")
}
