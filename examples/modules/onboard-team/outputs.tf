output "api_keys" {
  description = "The keys, by system and name of the service, such as waldur/ci: for write-only arguments."
  value       = { for name, key in ephemeral.svcacct_decrypted_api_key.this : name => key.api_key }
  sensitive   = true
  ephemeral   = true
}

output "key_versions" {
  description = "A number for each key that rises with each new key: the version of the write-only argument."
  value       = { for name, key in local.keys : name => key.version }
}

output "logins" {
  description = "The username or the identifier that goes with each key."
  value       = { for name, key in local.keys : name => key.login }
}
