#!/bin/sh
# Runs every check of the source that needs no test.
set -eu

cd "$(dirname "$0")/.."
golangci_lint=$(tools/build.sh lint)
actionlint=$(tools/build.sh actionlint)
status=0

"$golangci_lint" run ./... || status=1
go run ./internal/cmd/checksource || status=1
"$actionlint" || status=1

# Users and unit tests need Windows too. One analyzer and no optimization halve the time of a first run; what counts
# is that programs and tests compile.
GOOS=windows GOGC=400 go vet -atomic '-gcflags=all=-N -l -dwarf=false' ./... || status=1

# A tag can be moved to other code, a commit can't.
if grep -nE 'uses: [^.]' .github/workflows/*.yml | grep -vE '@[0-9a-f]{40} # v[0-9]'; then
	echo "an action is named by the full hash of its commit, and its version in a comment" >&2
	status=1
fi

# golangci-lint looks for misspelled words in Go alone.
root=$PWD
(
	cd tools/lint
	find "$root" \( -name .git -o -name .cache -o -name dist -o -name testdata \) -prune -o \
		-type f \( -name '*.md' -o -name '*.tmpl' -o -name '*.tf' -o -name '*.hcl' -o -name '*.txt' -o -name '*.sh' \
		-o -name '*.yml' -o -name GNUmakefile -o -path '*/.ci/run' \) \
		-exec go run github.com/golangci/misspell/cmd/misspell -error {} +
) || status=1

# forbidigo sees names, not calls.
if grep -rnE --include='*.go' --exclude='*_test.go' \
	'strings\.[A-Z][A-Za-z]*\([A-Za-z]*[eE]rr(or)?\.Error\(\)' main.go internal; then
	echo "an error is asked what it is with errors.Is, errors.As or a function of its package, not by its text" >&2
	status=1
fi

exit $status
