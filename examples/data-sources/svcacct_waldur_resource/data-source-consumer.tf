# With a token of the project that uses the resource
data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

data "svcacct_waldur_resource" "hpc" {
  view         = "consumer"
  project_uuid = data.svcacct_waldur_project.climate.uuid
  name         = "hpc-allocation-7"
}
