#!/bin/sh
# Runs the acceptance tests with one command line tool against the built-in simulators.
#
#   tools/testacc.sh terraform|opentofu|oldest|/path/to/a/cli [go test arguments]
#
# With PART=2/4 it runs the second quarter of the tests, and the examples: each fourth name in alphabetical
# order.
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh
export GOGC=400 # a quarter of the time of so many short processes would be garbage collection

which=$1
shift
cli=$(tools/cli.sh "$which")

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

tests='^TestAcc'
if [ -n "${PART:-}" ]; then
	names=$(grep -rhoE --include='*_test.go' '^func TestAcc[A-Za-z0-9_]*' . | cut -c 6- | LC_ALL=C sort -u |
		awk -v part="${PART%/*}" -v parts="${PART#*/}" 'NR % parts == part % parts || /[Ee]xample/' | tr '\n' '|')
	tests="^(${names%|})\$"
fi

# Which features of the CLI the tests use, for the table in docs/guides/overview.md.
SVCACCT_ACC_FEATURES=$(mktemp)
trap 'rm -f "$SVCACCT_ACC_FEATURES"' EXIT
export SVCACCT_ACC_FEATURES

echo "acceptance tests with $(version "$cli") ($cli)${PART:+, part $PART}"
started=$(date +%s)
# shellcheck disable=SC2086 # one argument per package
go test -count=1 -timeout 30m $short -run "$tests" "$@" $packages
echo "acceptance tests with $(version "$cli"): $(($(date +%s) - started)) s"

# With arguments for go test it may have been any part.
part=${PART:-}
case "$*" in *-run*) part=some ;; esac
SVCACCT_ACC_PART=$part go test -count=1 -run '^TestFeaturesThatRan$' ./internal/acctest
