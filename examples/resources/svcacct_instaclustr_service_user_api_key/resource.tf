resource "svcacct_instaclustr_service_user" "ci" {
  username = "ci_pipeline"
  email    = "ci-pipeline@example.com"
  role     = "CLUSTER_ADMIN"
}

resource "svcacct_instaclustr_service_user_api_key" "provisioning" {
  username        = svcacct_instaclustr_service_user.ci.username
  key_type        = "PROVISIONING"
  cidr_allow_list = ["198.51.100.0/24", "203.0.113.7/32"]

  # A new key when this changes, or when it is 90 days old.
  keepers      = { incident = "2026-03" }
  rotate_after = "2160h"
}

output "provisioning_key" {
  value     = svcacct_instaclustr_service_user_api_key.provisioning.api_key
  sensitive = true
}
