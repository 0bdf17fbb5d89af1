import {
  to = svcacct_waldur_customer_service_account.billing
  id = "${data.svcacct_waldur_customer.acme.uuid}/svc-billing"
}

import {
  to = svcacct_waldur_project_service_account.pipeline
  id = "${data.svcacct_waldur_project.climate.uuid}/svc-pipeline"
}

import {
  to = svcacct_waldur_robot_account.ci
  id = "${data.svcacct_waldur_resource.hpc.uuid}/cicd"
}
