#!/bin/sh
# Runs each fuzz test, one after the other.
#
#   tools/fuzz.sh [how long each runs, as -fuzztime has it: 5s or 1000x]
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh

grep -rl --include='*_test.go' '^func Fuzz' internal | xargs -n 1 dirname | sort -u | while read -r package; do
	sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' "$package"/*_test.go | while read -r target; do
		echo "$package $target"
		go test "./$package" -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 100x -parallel 2
	done
done
