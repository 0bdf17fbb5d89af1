data "svcacct_wavefront_role" "writer" {
  name = "Metrics writer"
}

output "writer_id" {
  value = data.svcacct_wavefront_role.writer.id
}
