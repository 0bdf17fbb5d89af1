#!/bin/sh
# Loses the response of a rotation: the apply fails, and the next apply completes it.
set -eux
export TF_VAR_customer="ACME Research" TF_VAR_accounts='["billing"]' TF_VAR_release=2026.1

terraform apply -auto-approve

curl --fail --silent --show-error "$SVCACCT_SIMULATORS_CONTROL/faults" \
  --data '{"system":"waldur","method":"POST","path":"/api/**/rotate_api_key/","drop":"after"}'

export TF_VAR_release=2026.2
if terraform apply -auto-approve; then
  exit 1 # the fault hit nothing
fi

terraform apply -auto-approve
terraform plan -detailed-exitcode # exit code 2 if there is still something to do
terraform destroy -auto-approve
