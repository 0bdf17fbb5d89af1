#!/bin/sh
# Prints a section of CHANGELOG.md, with the links that the section uses. Fails if the section is missing or
# empty, or if it has no date.
#
#   tools/release-notes.sh v0.1.0      the section of a tag
#   tools/release-notes.sh -snapshot   the first section that is not empty, with a date or without
set -eu

cd "$(dirname "$0")/.."

fail() {
	echo "CHANGELOG.md: $*" >&2
	exit 1
}

# section HEADING prints the lines below a heading. A section ends at the next heading of its level, or at the
# links at the end of the file.
section() {
	awk -v heading="$1" '
		/^## / || /^\[[^]]*\]: / { inside = $0 == heading; next }
		inside { print }
	' CHANGELOG.md | sed '/./,$!d'
}

case ${1:-} in
-snapshot)
	heading=$(grep '^## ' CHANGELOG.md | while IFS= read -r line; do
		if [ -n "$(section "$line")" ]; then
			echo "$line"
			break
		fi
	done)
	;;
v*)
	version=${1#v}
	heading=$(grep -F "## [$version]" CHANGELOG.md) || fail "no section \"## [$version]\""
	case $heading in
	"## [$version] - "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) ;;
	*) fail "\"$heading\" needs a date, such as \"## [$version] - 2026-01-31\"" ;;
	esac
	;;
*)
	echo "usage: tools/release-notes.sh TAG|-snapshot" >&2
	exit 2
	;;
esac

notes=$(section "$heading")
[ -n "$notes" ] || fail "the section \"$heading\" is empty"
printf '%s\n\n' "$notes"

sed -n 's/^\[\([^]]*\)\]: .*/\1/p' CHANGELOG.md | while IFS= read -r label; do
	case $notes in
	*"[$label]"*) grep -F "[$label]: " CHANGELOG.md ;;
	esac
done
