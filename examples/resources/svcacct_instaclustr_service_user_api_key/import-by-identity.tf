import {
  to = svcacct_instaclustr_service_user.ci
  identity = {
    username = "ci_pipeline"
  }
}

import {
  to = svcacct_instaclustr_service_user_api_key.provisioning
  identity = {
    username = "ci_pipeline"
    key_type = "PROVISIONING"
  }
}
