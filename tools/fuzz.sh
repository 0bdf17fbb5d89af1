#!/bin/sh
# Runs each fuzz test for some seconds, one after the other.
#
#   tools/fuzz.sh [seconds for each, 5 by default]
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh

seconds=${1:-5}
grep -rl --include='*_test.go' '^func Fuzz' internal | xargs -n 1 dirname | sort -u | while read -r package; do
	sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' "$package"/*_test.go | while read -r target; do
		echo "$package $target"
		go test "./$package" -run '^$' -fuzz "^$target\$" -fuzztime "${seconds}s" -fuzzminimizetime 2s -parallel 2
	done
done
