# A warning while Waldur reports an account as failed, whoever manages it.
check "erred_accounts" {
  data "svcacct_inventory" "waldur" {
    systems = ["waldur"]
  }

  assert {
    condition = !contains(data.svcacct_inventory.waldur.rows[*].state, "Erred")
    error_message = "In state Erred: ${join(", ", [
      for row in data.svcacct_inventory.waldur.rows : "${row.kind} ${row.name}" if row.state == "Erred"
    ])}"
  }
}
