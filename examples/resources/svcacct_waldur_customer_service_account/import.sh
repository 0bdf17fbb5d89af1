# by the account's UUID
terraform import svcacct_waldur_customer_service_account.billing 0a6f3d9c41b74e85b2d7c8f1e95a604d

# by the UUID of the customer and the account's username
terraform import svcacct_waldur_customer_service_account.billing 7c1e0f4b92d84f5aa1c6e6f20b8d3a91/svc-billing

# with the key, if you have it: the apply stores it, or encrypts it
export SVCACCT_IMPORT_API_KEY="$(vault kv get -mount=secret -field=api_key billing)"
terraform import svcacct_waldur_customer_service_account.billing 0a6f3d9c41b74e85b2d7c8f1e95a604d
terraform apply
