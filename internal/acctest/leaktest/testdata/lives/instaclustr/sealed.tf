# Keys are encrypted, and opened for this run alone.

variable "identity" {
  ephemeral = true
}

ephemeral "svcacct_decrypted_api_key" "key" {
  encrypted_api_key = svcacct_instaclustr_service_user_api_key.monitoring.encrypted_api_key
  identity          = var.identity
}
