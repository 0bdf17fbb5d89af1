import {
  to = svcacct_waldur_project_service_account.pipeline
  id = "5e8c1b7a9d304f62a1b8c3d4e5f60718" # or "<project UUID>/<preferred_identifier>"
}
