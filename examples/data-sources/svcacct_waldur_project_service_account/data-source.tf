data "svcacct_waldur_project" "climate" {
  name = "Climate models"
}

data "svcacct_waldur_project_service_account" "modelling" {
  project_uuid = data.svcacct_waldur_project.climate.uuid
  username     = "svc-modelling"
}

output "modelling_state" {
  value = data.svcacct_waldur_project_service_account.modelling.state
}
