import {
  to = svcacct_waldur_project_service_account.pipeline
  id = "0a6f3d9c41b74e85b2d7c8f1e95a604d" # or "<project UUID>/<preferred_identifier>"
}
