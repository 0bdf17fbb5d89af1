#!/bin/sh
# Runs every check of the source that needs no test.
set -eu

cd "$(dirname "$0")/.."
golangci_lint=$(tools/build.sh lint)
status=0

"$golangci_lint" run ./... || status=1
go run ./internal/cmd/checksource || status=1

# forbidigo sees names, not calls.
if grep -rnE --include='*.go' --exclude='*_test.go' \
	'strings\.[A-Z][A-Za-z]*\([A-Za-z]*[eE]rr(or)?\.Error\(\)' main.go internal; then
	echo "an error is asked what it is with errors.Is, errors.As or a function of its package, not by its text" >&2
	status=1
fi

exit $status
