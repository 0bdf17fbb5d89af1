#!/bin/sh
# Prints the section of CHANGELOG.md for a tag such as v0.1.0, or for "Unreleased". Fails if the section is
# missing or empty.
#
#   tools/release-notes.sh v0.1.0
set -eu

cd "$(dirname "$0")/.."
version=${1#v}

# A section ends at the next heading of its level, or at the links at the end of the file.
notes=$(awk -v heading="## [$version]" '
	index($0, "## ") == 1 || /^\[[^]]*\]: / { inside = index($0, heading) == 1; next }
	inside { print }
' CHANGELOG.md)
links=$(grep '^\[[a-z]*\]: ' CHANGELOG.md || true) # not those of versions

if [ -z "$(printf '%s' "$notes" | tr -d '[:space:]')" ]; then
	echo "CHANGELOG.md has no section \"## [$version]\", or it is empty" >&2
	exit 1
fi
printf '%s\n\n%s\n' "$notes" "$links" | sed '/./,$!d'
