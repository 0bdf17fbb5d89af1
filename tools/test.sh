#!/bin/sh
# Runs every test, offline: unit tests with the race detector, the acceptance tests with Terraform, and a part
# of them with OpenTofu and with the oldest Terraform.
#
#   tools/test.sh [go test arguments]
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh

# Where there is no C compiler Go turns cgo off, and the race detector needs it.
race=-race
if [ "$(go env CGO_ENABLED)" != 1 ]; then
	race=
	echo "unit tests without the race detector: it needs a C compiler" >&2
fi

echo "unit tests${race:+ with the race detector}"
started=$(date +%s)
(
	unset TF_ACC || true
	go test $race "$@" ./...
)
echo "unit tests: $(($(date +%s) - started)) s"

tools/testacc.sh terraform "$@"

# The other CLIs run a sixth of the tests each, another one every day, and all examples. PART=2/6 repeats the
# sixth of a day; make testacc CLI=opentofu runs them all.
day=$(($(date -u +%s) / 86400))
PART=${PART:-$((day % 6 + 1))/6}
export PART
tools/testacc.sh opentofu "$@"
tools/testacc.sh oldest "$@"
