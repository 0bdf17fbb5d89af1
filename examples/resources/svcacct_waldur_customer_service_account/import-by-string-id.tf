import {
  to = svcacct_waldur_customer_service_account.billing
  id = "0a6f3d9c41b74e85b2d7c8f1e95a604d" # or "<customer UUID>/<preferred_identifier>"
}
