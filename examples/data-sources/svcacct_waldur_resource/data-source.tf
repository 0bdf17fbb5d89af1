# With a token of the provider of the resource
data "svcacct_waldur_resource" "hpc" {
  name = "hpc-allocation-7"
}
