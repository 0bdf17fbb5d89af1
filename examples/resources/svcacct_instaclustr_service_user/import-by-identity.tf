import {
  to = svcacct_instaclustr_service_user.ci
  identity = {
    username = "ci_pipeline"
  }
}
