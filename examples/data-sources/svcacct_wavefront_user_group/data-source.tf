data "svcacct_wavefront_user_group" "ci" {
  name = "CI"
}

output "ci_id" {
  value = data.svcacct_wavefront_user_group.ci.id
}
