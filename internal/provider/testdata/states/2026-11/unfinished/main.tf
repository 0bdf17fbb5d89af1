# The response to a rotation was lost. The keepers were put back.
resource "svcacct_waldur_customer_service_account" "unconfirmed" {
  customer_uuid        = "00000000000000000000000000000001"
  preferred_identifier = "unconfirmed"
  keepers              = { issue = "1" }
}

resource "svcacct_wavefront_service_account" "test" {
  identifier = "sa::test"
}

# The response to a generation was lost, and the list could not be read. The keepers were put back. The account has a
# token of the same name from elsewhere.
resource "svcacct_wavefront_service_account_token" "unconfirmed" {
  service_account = svcacct_wavefront_service_account.test.id
  name            = "unconfirmed"
  keepers         = { issue = "1" }
  overlap         = "876000h"
}

# The keys that came with the user could not be revoked.
resource "svcacct_instaclustr_service_user" "revoking" {
  username = "revoking"
  email    = "revoking@example.com"
  role     = "READ_ONLY"
}

# The response to lowering the role was lost, and the user could not be read.
resource "svcacct_instaclustr_service_user" "lowered" {
  username         = "lowered"
  email            = "lowered@example.com"
  role             = "READ_ONLY"
  administrators   = ["a.lee"]
  initial_api_keys = "keep"
}

# The response to a rotation was lost. The keepers were put back.
resource "svcacct_instaclustr_service_user_api_key" "unconfirmed" {
  username          = svcacct_instaclustr_service_user.lowered.username
  key_type          = "MONITORING"
  adopt_by_rotation = true
  keepers           = { issue = "1" }
}

resource "svcacct_wavefront_service_account" "moved" {
  identifier  = "sa::moved"
  description = "From vmware/wavefront"
  permissions = ["ingestion"]
}
