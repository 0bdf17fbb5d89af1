ephemeral "svcacct_instaclustr_service_user_api_key" "run" {
  username        = "terraform_run" # a service user of its own, without a key of this type
  key_type        = "PROVISIONING"
  cidr_allow_list = ["198.51.100.0/24"]
}

provider "instaclustr" {
  terraform_key = "Instaclustr-Terraform terraform_run:${ephemeral.svcacct_instaclustr_service_user_api_key.run.api_key}"
}
