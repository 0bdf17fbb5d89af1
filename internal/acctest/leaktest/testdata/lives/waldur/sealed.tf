# Keys are encrypted, and opened for this run alone.

variable "identity" {
  ephemeral = true
}

ephemeral "svcacct_decrypted_api_key" "key" {
  encrypted_api_key = svcacct_waldur_customer_service_account.billing.encrypted_api_key
  identity          = var.identity
}
