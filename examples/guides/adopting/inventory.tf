data "svcacct_inventory" "all" {}

output "imports" {
  value = join("\n", [
    for i, row in data.svcacct_inventory.all.rows : <<-EOT
      import {
        to       = svcacct_${row.system}_${row.kind}.n${i}
        id       = "${row.id}"
        provider = svcacct
      }
    EOT
    if row.id != null # a token without a name can't be imported
  ])
}
