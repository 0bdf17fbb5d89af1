import {
  to = svcacct_waldur_project_service_account.pipeline
  identity = {
    uuid = "5e8c1b7a9d304f62a1b8c3d4e5f60718"
  }
}
