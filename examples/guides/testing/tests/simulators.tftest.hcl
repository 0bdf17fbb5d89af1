# Runs the module against the simulators: the environment has their addresses.
variables {
  customer = "ACME Research"
  accounts = ["billing", "report"]
  release  = "2026.1"
}

run "creates_accounts" {
  assert {
    condition     = svcacct_waldur_customer_service_account.this["billing"].state == "OK"
    error_message = "Waldur has no account."
  }

  assert {
    condition     = output.api_keys["billing"].waldur != output.api_keys["report"].waldur
    error_message = "Two accounts have the same key."
  }
}

# In OpenTofu, run.creates_accounts has the outputs of the newest run of the module.
run "first_keys" {
  module {
    source = "./tests/remember"
  }

  variables {
    value = run.creates_accounts.api_keys
  }
}

run "keeps_keys" {
  variables {
    before = run.first_keys.value
  }

  assert {
    condition     = output.api_keys == var.before
    error_message = "A second apply has rotated a key."
  }
}

# The next request that reads a customer of Waldur gets status 503. The provider sends it again.
run "breaks_a_request" {
  module {
    source = "./tests/control"
  }

  variables {
    path = "/faults"
    body = "{\"system\":\"waldur\",\"method\":\"GET\",\"path\":\"/api/customers/**\",\"status\":503}"
  }
}

run "rotates_for_a_release" {
  variables {
    release = "2026.2"
    before  = run.first_keys.value
  }

  assert {
    condition = alltrue([
      for name, key in output.api_keys :
      key.waldur != var.before[name].waldur && key.wavefront != var.before[name].wavefront
    ])
    error_message = "A key was not rotated."
  }
}

run "removes_one" {
  variables {
    release  = "2026.2"
    accounts = ["billing"]
  }

  assert {
    condition     = keys(output.api_keys) == ["billing"]
    error_message = "The account of the report is still there."
  }
}
