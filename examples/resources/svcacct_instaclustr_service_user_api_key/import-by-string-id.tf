import {
  to = svcacct_instaclustr_service_user.ci
  id = "ci_pipeline"
}

import {
  to = svcacct_instaclustr_service_user_api_key.provisioning
  id = "ci_pipeline/PROVISIONING"
}
