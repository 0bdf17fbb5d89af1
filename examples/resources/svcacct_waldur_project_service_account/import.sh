# by the account's UUID
terraform import svcacct_waldur_project_service_account.pipeline 5e8c1b7a9d304f62a1b8c3d4e5f60718

# by the UUID of the project and the account's username
terraform import svcacct_waldur_project_service_account.pipeline 3f2b9a6d7c1e4850b4d2e8f60a9c7135/svc-pipeline

# with the key, if you have it: the apply stores it, or encrypts it
export SVCACCT_IMPORT_API_KEY="$(vault kv get -mount=secret -field=api_key pipeline)"
terraform import svcacct_waldur_project_service_account.pipeline 5e8c1b7a9d304f62a1b8c3d4e5f60718
terraform apply
