#!/bin/sh
# Prints the path of the command line tool to test with. Downloads no CLI: one that PATH lacks is built
# from its pinned module.
#
#   tools/cli.sh terraform   TF_ACC_TERRAFORM_PATH, else terraform on PATH from 1.14, else the built one
#   tools/cli.sh opentofu    tofu on PATH from 1.12, else the built one
#   tools/cli.sh /a/path     this program, of any version
#   tools/cli.sh oldest      the oldest Terraform that the provider works with, built
set -eu

here=$(cd "$(dirname "$0")" && pwd)
export CHECKPOINT_DISABLE=1
unset TF_CLI_CONFIG_FILE TF_LOG TF_CLI_ARGS TF_CLI_ARGS_version || true

# minor NAME prints the minor version of a 1.x command on PATH, or 0.
minor() {
	version=$("$1" version 2>/dev/null | sed -n '1s/^[A-Za-z]* v1\.\([0-9]*\)\..*/\1/p') || version=
	echo "${version:-0}"
}

case ${1:-} in
terraform)
	if [ -n "${TF_ACC_TERRAFORM_PATH:-}" ]; then
		if [ ! -x "$TF_ACC_TERRAFORM_PATH" ]; then
			echo "TF_ACC_TERRAFORM_PATH is not a program: $TF_ACC_TERRAFORM_PATH" >&2
			exit 1
		fi
		echo "$TF_ACC_TERRAFORM_PATH"
	elif [ "$(minor terraform)" -ge 14 ]; then
		command -v terraform
	else
		"$here/build.sh" terraform
	fi
	;;
opentofu)
	if [ "$(minor tofu)" -ge 12 ]; then
		command -v tofu
	else
		"$here/build.sh" opentofu
	fi
	;;
oldest)
	"$here/build.sh" oldest
	;;
/*)
	if [ ! -x "$1" ]; then
		echo "not a program: $1" >&2
		exit 1
	fi
	echo "$1"
	;;
*)
	echo "usage: tools/cli.sh terraform|opentofu|oldest|/path/to/a/cli" >&2
	exit 2
	;;
esac
