#!/bin/sh
# Runs the tests on the real servers of some systems, or removes what earlier runs left there. CONTRIBUTING.md says
# which environment variables name the servers.
#
#   tools/live.sh test SYSTEMS terraform|opentofu|/path/to/a/cli [go test arguments]
#   tools/live.sh sweep SYSTEMS [go test arguments]
#
# SYSTEMS are such as waldur,wavefront.
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh

what=$1 systems=${2:-}
if [ -z "$systems" ]; then
	echo "name the systems: SYSTEM=waldur,wavefront,instaclustr" >&2
	exit 2
fi
shift 2
export SVCACCT_ACC_LIVE="$systems"
packages=$(printf '%s' "$systems" | tr ',' '\n' | sed 's|^ *|./internal/|')

if [ "$what" = sweep ]; then
	# shellcheck disable=SC2086 # one argument per package
	exec go test -count=1 -timeout 30m -v "$@" $packages -sweep=all -sweep-allow-failures
fi
cli=$(tools/cli.sh "$1")
shift
export TF_ACC=1 TF_ACC_TERRAFORM_PATH="$cli" TF_ACC_PROVIDER_NAMESPACE=svcacct
product=$(version "$cli")
if [ "${product%% *}" = OpenTofu ]; then
	export TF_ACC_PROVIDER_HOST=registry.opentofu.org
fi
echo "tests on real servers of $systems with $product ($cli)"
# shellcheck disable=SC2086
exec go test -count=1 -timeout 60m -parallel 2 -run '^TestAcc' "$@" $packages
