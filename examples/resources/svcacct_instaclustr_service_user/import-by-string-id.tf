import {
  to = svcacct_instaclustr_service_user.ci
  id = "ci_pipeline"
}
