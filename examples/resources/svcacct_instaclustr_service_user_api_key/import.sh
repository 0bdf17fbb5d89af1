# by the user name and the type of the key
terraform import svcacct_instaclustr_service_user_api_key.provisioning ci_pipeline/PROVISIONING
