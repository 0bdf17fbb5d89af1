# Runs the module without any server: it tests expressions, not what a system does.
mock_provider "svcacct" {
  mock_data "svcacct_waldur_customer" {
    defaults = { uuid = "3c2d1e0f4a5b46c7889970a1b2c3d4e5" }
  }

  mock_data "svcacct_wavefront_role" {
    defaults = { id = "b4a64f7f-3f0c-14f4-29af-efadff2b158a" }
  }

  mock_resource "svcacct_wavefront_service_account" {
    defaults = { id = "sa::mocked" }
  }

  mock_resource "svcacct_waldur_customer_service_account" {
    defaults = { expires_at = "2026-01-31T12:00:00Z" }
  }
}

variables {
  customer = "ACME Research"
  accounts = ["billing", "report"]
  release  = "2026.1"
}

run "creates_accounts" {
  assert {
    condition     = keys(output.api_keys) == ["billing", "report"]
    error_message = "Each program has an account."
  }

  assert {
    condition     = timecmp(output.waldur_keys_end["billing"], "2026-02-01T00:00:00Z") < 0
    error_message = "The key ends later than the default of the mock."
  }
}

run "another_customer" {
  override_data {
    target = data.svcacct_waldur_customer.this
    values = { uuid = "5e0b7c7c0e4b4c0a9f6d3a2b1c0d9e8f" }
  }

  override_resource {
    target = svcacct_waldur_customer_service_account.this
    values = { expires_at = "2026-03-31T12:00:00Z" }
  }

  variables {
    accounts = ["archive"]
  }

  assert {
    condition = (
      svcacct_waldur_customer_service_account.this["archive"].customer_uuid == "5e0b7c7c0e4b4c0a9f6d3a2b1c0d9e8f"
    )
    error_message = "The account belongs to another customer."
  }

  assert {
    condition     = output.waldur_keys_end["archive"] == "2026-03-31T12:00:00Z"
    error_message = "The output is not the end of the key."
  }
}
