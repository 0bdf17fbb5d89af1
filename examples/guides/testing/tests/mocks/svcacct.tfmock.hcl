# Defaults for mock_provider "svcacct": attributes that a configuration can't set and whose form or value matters, and
# the ids that data sources find. Every object of a type gets the same values: override_resource and override_data in a
# test file set others.

mock_resource "svcacct_waldur_customer_service_account" {
  defaults = {
    id          = "0a6f3d9c41b74e85b2d7c8f1e95a604d"
    uuid        = "0a6f3d9c41b74e85b2d7c8f1e95a604d"
    username    = "svc-mocked"
    state       = "OK"
    created     = "2026-01-01T12:00:00Z"
    rotated_at  = "2026-01-01T12:00:00Z"
    expires_at  = "2099-01-01T00:00:00Z"
    key_version = 1
  }
}

mock_resource "svcacct_waldur_project_service_account" {
  defaults = {
    id          = "1b7e4c8d52a84f96a3c6b9e2d84f715e"
    uuid        = "1b7e4c8d52a84f96a3c6b9e2d84f715e"
    username    = "svc-mocked"
    state       = "OK"
    created     = "2026-01-01T12:00:00Z"
    rotated_at  = "2026-01-01T12:00:00Z"
    expires_at  = "2099-01-01T00:00:00Z"
    key_version = 1
  }
}

mock_resource "svcacct_waldur_robot_account" {
  defaults = {
    id            = "64d2f8b1a0c34e97b58d1e3c7f92a6b0"
    uuid          = "64d2f8b1a0c34e97b58d1e3c7f92a6b0"
    customer_uuid = "3c2d1e0f4a5b46c7889970a1b2c3d4e5"
    project_uuid  = "4d3e2f105b6c47d8899a81b2c3d4e5f6"
    provider_uuid = "5e4f30216c7d48e9aa9b92c3d4e5f607"
    created       = "2026-01-01T12:00:00Z"
  }
}

mock_resource "svcacct_wavefront_service_account" {
  defaults = {
    id = "sa::mocked"
  }
}

mock_resource "svcacct_wavefront_service_account_token" {
  defaults = {
    id                  = "sa::mocked/mocked"
    rotated_at          = "2026-01-01T12:00:00Z"
    expires_at          = null
    previous_expires_at = null
    key_version         = 1
  }
}

mock_resource "svcacct_instaclustr_service_user" {
  defaults = {
    allowed_key_types = ["MONITORING", "PROVISIONING", "USER_MANAGEMENT"]
  }
}

mock_resource "svcacct_instaclustr_service_user_api_key" {
  defaults = {
    id          = "mocked/PROVISIONING"
    rotated_at  = "2026-01-01T12:00:00Z"
    expires_at  = null
    key_version = 1
  }
}

mock_data "svcacct_waldur_customer" {
  defaults = {
    uuid                 = "3c2d1e0f4a5b46c7889970a1b2c3d4e5"
    max_service_accounts = 10
  }
}

mock_data "svcacct_waldur_project" {
  defaults = {
    uuid                 = "4d3e2f105b6c47d8899a81b2c3d4e5f6"
    end_date             = null
    max_service_accounts = 10
  }
}

mock_data "svcacct_waldur_resource" {
  defaults = {
    uuid  = "708152438e9f4a0bcc1db4e5f6071829"
    state = "OK"
  }
}

mock_data "svcacct_waldur_user" {
  defaults = {
    uuid      = "6f5041327d8e49fabb0ca3d4e5f60718"
    is_active = true
  }
}

mock_data "svcacct_waldur_customer_service_account" {
  defaults = {
    uuid    = "0a6f3d9c41b74e85b2d7c8f1e95a604d"
    email   = "mocked@example.com"
    state   = "OK"
    created = "2026-01-01T12:00:00Z"
  }
}

mock_data "svcacct_waldur_project_service_account" {
  defaults = {
    uuid          = "1b7e4c8d52a84f96a3c6b9e2d84f715e"
    customer_uuid = "3c2d1e0f4a5b46c7889970a1b2c3d4e5"
    email         = "mocked@example.com"
    state         = "OK"
    created       = "2026-01-01T12:00:00Z"
  }
}

mock_data "svcacct_waldur_robot_account" {
  defaults = {
    uuid             = "64d2f8b1a0c34e97b58d1e3c7f92a6b0"
    customer_uuid    = "3c2d1e0f4a5b46c7889970a1b2c3d4e5"
    project_uuid     = "4d3e2f105b6c47d8899a81b2c3d4e5f6"
    provider_uuid    = "5e4f30216c7d48e9aa9b92c3d4e5f607"
    responsible_user = "6f5041327d8e49fabb0ca3d4e5f60718"
    state            = "OK"
    created          = "2026-01-01T12:00:00Z"
  }
}

mock_data "svcacct_wavefront_role" {
  defaults = {
    id = "b4a64f7f-3f0c-14f4-29af-efadff2b158a"
  }
}

mock_data "svcacct_wavefront_user_group" {
  defaults = {
    id = "c5b75080-401d-45f5-9ab0-f0be003c269b"
  }
}

mock_data "svcacct_wavefront_service_account" {
  defaults = {
    active      = true
    last_used   = "2026-01-01T12:00:00Z"
    token_count = 1
  }
}

mock_data "svcacct_wavefront_service_account_token" {
  defaults = {
    date_generated = "2026-01-01T12:00:00Z"
    last_used      = "2026-01-01T12:00:00Z"
  }
}

mock_data "svcacct_instaclustr_service_user" {
  defaults = {
    email = "mocked@example.com"
    role  = "READ_ONLY"
  }
}

mock_data "svcacct_instaclustr_service_user_api_key" {
  defaults = {
    account    = "mocked"
    masked_key = "****abcd"
  }
}
