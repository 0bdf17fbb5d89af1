# the user, then the key by the user name and the type of the key
terraform import svcacct_instaclustr_service_user.ci ci_pipeline
terraform import svcacct_instaclustr_service_user_api_key.provisioning ci_pipeline/PROVISIONING

# the same with the key, if you have it: the apply stores it, or encrypts it
terraform import svcacct_instaclustr_service_user.ci ci_pipeline
export SVCACCT_IMPORT_API_KEY="$(vault kv get -mount=secret -field=api_key provisioning)"
terraform import svcacct_instaclustr_service_user_api_key.provisioning ci_pipeline/PROVISIONING
terraform apply
