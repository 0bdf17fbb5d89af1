#!/bin/sh
# Formats examples/ and writes docs/ from the provider's schema, examples/ and templates/. Downloads nothing
# but Go modules.
set -eu

cd "$(dirname "$0")/.."
root=$PWD
. tools/env.sh

# Always the pinned Terraform, so that everyone generates the same pages.
terraform=$(tools/build.sh terraform)
tfplugindocs=$(tools/build.sh docs)
go build -buildvcs=false -o .cache/provider/terraform-provider-svcacct .

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# tfplugindocs finds a schema only under the address that Terraform gives a provider without a source.
cat >"$work/config.tfrc" <<EOF
provider_installation {
  dev_overrides {
    "hashicorp/svcacct" = "$root/.cache/provider"
  }
  direct {}
}
EOF
echo 'provider "svcacct" {}' >"$work/main.tf"
(
	cd "$work"
	TF_CLI_CONFIG_FILE=$work/config.tfrc "$terraform" providers schema -json >schema.json
)

if [ -d examples ]; then
	"$terraform" fmt -recursive examples
fi

# Its progress report is of interest only when it fails.
tfplugindocs() {
	"$tfplugindocs" "$@" --provider-name svcacct --providers-schema "$work/schema.json" >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		exit 1
	}
}
tfplugindocs generate --rendered-provider-name "Service Accounts"
tfplugindocs validate
echo "docs/ is up to date ($(find docs -type f | wc -l | tr -d ' ') pages)"
