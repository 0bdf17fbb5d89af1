# Keeps a value of a run for the runs that follow.
variable "value" {
  type = any
}

output "value" {
  value     = var.value
  sensitive = true
}
