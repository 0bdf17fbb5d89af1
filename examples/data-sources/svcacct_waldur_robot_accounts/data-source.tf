data "svcacct_waldur_resource" "hpc" {
  name = "hpc-allocation-7"
  view = "provider" # "consumer" with a token of the project that uses the resource
}

data "svcacct_waldur_robot_accounts" "in_error" {
  resource_uuid = data.svcacct_waldur_resource.hpc.uuid
  state         = "Error"
}

check "no_robot_account_in_error" {
  assert {
    condition     = length(data.svcacct_waldur_robot_accounts.in_error.robot_accounts) == 0
    error_message = "In error: ${join(", ", data.svcacct_waldur_robot_accounts.in_error.robot_accounts[*].type)}"
  }
}
