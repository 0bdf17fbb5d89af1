#!/bin/sh
# Fails when there are fewer than 1.2 lines of test for a line of code. Blank lines and generated files do not
# count.
set -eu

cd "$(dirname "$0")/.."

# lines FIND-ARGUMENTS... prints the number of non-blank lines in the files found.
lines() {
	find main.go internal -name '*.go' "$@" ! -exec grep -q '^// Code generated .* DO NOT EDIT\.$' {} \; \
		-exec cat {} + | grep -c '[^[:space:]]' || true
}

code=$(lines ! -name '*_test.go')
tests=$(lines -name '*_test.go')
echo "$code lines of code, $tests lines of test: $(awk "BEGIN { printf \"%.2f\", $tests / ($code + !$code) }")"
if [ $((tests * 10)) -lt $((code * 12)) ]; then
	echo "at least 1.2 lines of test are due for each line of code: $(((code * 12 + 9) / 10))" >&2
	exit 1
fi
