data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

data "svcacct_waldur_resource" "hpc" {
  project_uuid = data.svcacct_waldur_project.climate.uuid
  name         = "hpc-allocation-7"
}
