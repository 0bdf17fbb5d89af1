data "svcacct_wavefront_role" "writer" {
  name = "Metrics writer"
}

data "svcacct_wavefront_user_group" "ci" {
  name = "CI"
}

resource "svcacct_wavefront_service_account" "ci" {
  identifier  = "sa::ci"
  description = "Writes build metrics"
  permissions = ["metrics_management"]
  roles       = [data.svcacct_wavefront_role.writer.id]
  user_groups = [data.svcacct_wavefront_user_group.ci.id]
}
