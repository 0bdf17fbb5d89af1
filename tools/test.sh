#!/bin/sh
# Runs every test, offline: unit tests with the race detector, then the acceptance tests with each command
# line tool.
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
tools/testacc.sh opentofu "$@"
if [ -n "$(tools/cli.sh oldest)" ]; then
	tools/testacc.sh oldest "$@"
else
	echo "acceptance tests with the oldest Terraform: skipped, PATH has no terraform from 1.11 to 1.13"
fi
