#!/bin/sh
# Runs the acceptance tests with one command line tool against the built-in simulators.
#
#   tools/testacc.sh terraform|opentofu|oldest|/path/to/a/cli [go test arguments]
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh

which=$1
shift
cli=$(tools/cli.sh "$which")
if [ -z "$cli" ]; then
	echo "$which: PATH has no terraform from 1.11 to 1.13" >&2
	exit 1
fi

# Only packages that have such tests: linking the others' test programs takes longer than the tests.
packages=$(grep -rl --include='*_test.go' '^func TestAcc' . | xargs -r -n 1 dirname | sort -u)
if [ -z "$packages" ]; then
	echo "found no acceptance test (func TestAcc...) in any package" >&2
	exit 1
fi

export TF_ACC=1 TF_ACC_TERRAFORM_PATH="$cli" TF_ACC_PROVIDER_NAMESPACE=svcacct
# The host in the provider's address must be the one that the CLI assumes, or it looks for the provider there.
product=$(version "$cli")
if [ "${product%% *}" = OpenTofu ]; then
	export TF_ACC_PROVIDER_HOST=registry.opentofu.org
	export SVCACCT_ACC_BULK_READS=off # with OpenTofu the tests run without shared reads
else
	unset TF_ACC_PROVIDER_HOST || true
fi

short=""
if [ "$which" != terraform ]; then
	short=-short # without the tests of each option of the servers: they test servers, and Terraform runs them
fi

echo "acceptance tests with $(version "$cli") ($cli)"
started=$(date +%s)
# shellcheck disable=SC2086 # one argument per package
go test -count=1 -timeout 30m $short -run '^TestAcc' "$@" $packages
echo "acceptance tests with $(version "$cli"): $(($(date +%s) - started)) s"
