data "svcacct_waldur_resource" "hpc" {
  name = "hpc-allocation-7"
  view = "provider" # "consumer" with a token of the project that uses the resource
}

data "svcacct_waldur_robot_account" "backup" {
  resource_uuid = data.svcacct_waldur_resource.hpc.uuid
  type          = "bkup"
}

output "backup_fingerprints" {
  value = data.svcacct_waldur_robot_account.backup.fingerprints[*].sha256
}
