# Keys are encrypted, and opened for this run alone.

variable "identity" {
  ephemeral = true
}

ephemeral "svcacct_decrypted_api_key" "key" {
  encrypted_api_key = svcacct_wavefront_service_account_token.deploy.encrypted_api_key
  identity          = var.identity
}
