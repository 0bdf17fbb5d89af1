# "sa::ci-pipeline"
output "identifier" {
  value = provider::svcacct::wavefront_identifier("CI pipeline")
}
