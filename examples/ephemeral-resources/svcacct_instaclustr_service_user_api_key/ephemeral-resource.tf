# A service user of its own: a run needs a key type that has no key.
resource "svcacct_instaclustr_service_user" "run" {
  username = "terraform_run"
  email    = "terraform-run@example.com"
  role     = "CLUSTER_ADMIN"
}

ephemeral "svcacct_instaclustr_service_user_api_key" "run" {
  username        = svcacct_instaclustr_service_user.run.id # not username: the id is unknown until the user exists
  key_type        = "PROVISIONING"
  cidr_allow_list = ["198.51.100.0/24", "203.0.113.7/32"]
}

# The key goes to where ephemeral values may go: write-only arguments, provider blocks, provisioners.
resource "terraform_data" "job" {
  provisioner "local-exec" {
    command = "test -n \"$TERRAFORM_KEY\"" # your program
    environment = {
      TERRAFORM_KEY = "Instaclustr-Terraform terraform_run:${ephemeral.svcacct_instaclustr_service_user_api_key.run.api_key}"
    }
  }
}
