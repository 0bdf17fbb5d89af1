# by the user name
terraform import svcacct_instaclustr_service_user.ci ci_pipeline
