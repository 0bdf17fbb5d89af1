import {
  to = svcacct_instaclustr_service_user_api_key.monitoring
  id = "ci/MONITORING"
}
