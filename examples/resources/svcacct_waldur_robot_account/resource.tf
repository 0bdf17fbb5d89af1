data "svcacct_waldur_resource" "hpc" {
  name = "hpc-allocation-7"
}

data "svcacct_waldur_user" "ada" {
  username = "ada.kask"
}

resource "svcacct_waldur_robot_account" "ci" {
  resource_uuid    = data.svcacct_waldur_resource.hpc.uuid
  type             = "cicd"
  description      = "Deploys nightly builds"
  users            = [data.svcacct_waldur_user.ada.uuid]
  responsible_user = data.svcacct_waldur_user.ada.uuid

  keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJW72pNaLpGCcYp4gDKEz7WMkphnkFPlJ//JmTB/bInl ci@build-7",
  ]
}
