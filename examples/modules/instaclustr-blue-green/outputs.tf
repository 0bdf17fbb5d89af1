output "username" {
  description = "Name of the active user."
  value       = svcacct_instaclustr_service_user.user[var.active].username
}

output "api_key" {
  description = "Key of the active user."
  value       = svcacct_instaclustr_service_user_api_key.key[var.active].api_key
  sensitive   = true
}

output "key_version" {
  description = "A number that changes with each other key in api_key: the version of a write-only argument."
  # Two keys that were issued in the same second have the same version, so the user is a part of it.
  value = 2 * svcacct_instaclustr_service_user_api_key.key[var.active].key_version + (var.active == "green" ? 1 : 0)
}
