resource "svcacct_instaclustr_service_user" "ci" {
  username       = "ci_pipeline"
  email          = "ci-pipeline@example.com"
  display_name   = "CI pipeline"
  role           = "CLUSTER_ADMIN"
  administrators = ["a.smith"] # besides the person whose key the provider uses
}
