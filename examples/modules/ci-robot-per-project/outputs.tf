output "ci_variables" {
  description = "The variables that the CI of each project needs, by the name of the project."
  value = {
    for name, robot in svcacct_waldur_project_service_account.robot : name => {
      WALDUR_USERNAME = robot.username
      WALDUR_API_KEY  = robot.api_key
    }
  }
  sensitive = true
}

output "key_versions" {
  description = "A number for each project that rises with each new key: the version of a write-only argument."
  value       = { for name, robot in svcacct_waldur_project_service_account.robot : name => robot.key_version }
}

output "rotated_at" {
  description = "When the key of each project was issued."
  value       = { for name, robot in svcacct_waldur_project_service_account.robot : name => robot.rotated_at }
}
