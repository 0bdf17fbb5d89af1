# A warning with each plan while a key is older than 90 days.
check "old_keys" {
  data "svcacct_inventory" "old" {
    older_than = "2160h"
  }

  assert {
    condition     = alltrue([for row in data.svcacct_inventory.old.rows : row.account == null || row.undecided])
    error_message = <<-EOT
      Older than 90 days:
      %{for row in data.svcacct_inventory.old.rows~}
      %{if row.account != null && !row.undecided~}
      ${row.system}: ${row.name} of ${row.account}, ${row.age} old
      %{endif~}
      %{endfor~}
    EOT
  }
}

# A warning while a key was not used for 30 days. A key that was never used has no time of its last use: no server
# returns that it was never used, so that undecided is true.
check "unused_keys" {
  data "svcacct_inventory" "unused" {
    systems    = ["wavefront"] # the only system that returns when a key was used
    unused_for = "720h"
  }

  assert {
    condition     = alltrue([for row in data.svcacct_inventory.unused.rows : row.account == null])
    error_message = <<-EOT
      Not used for 30 days, or never:
      %{for row in data.svcacct_inventory.unused.rows~}
      %{if row.account != null~}
      ${row.name} of ${row.account}
      %{endif~}
      %{endfor~}
    EOT
  }
}
