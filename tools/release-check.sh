#!/bin/sh
# Checks the settings of a release, and builds its archives for every platform into dist/. Nothing is signed or
# published. Several builds of large modules: this takes long, and .ci/run leaves it out.
#
#   tools/release-check.sh        a snapshot of the last commit, with SBOMs if PATH has syft
#   tools/release-check.sh -tag   the version of the tag at the last commit, without SBOMs: for comparison
set -eu

cd "$(dirname "$0")/.."
goreleaser=$(tools/build.sh goreleaser)
started=$(date +%s)

"$goreleaser" check
tools/release-notes.sh -snapshot >/dev/null

skip=publish,sign,announce
case ${1:-} in
-tag)
	"$goreleaser" release --clean --skip=$skip,sbom
	;;
'')
	if ! command -v syft >/dev/null; then
		echo "without SBOMs: PATH has no syft" >&2
		skip=$skip,sbom
	fi
	"$goreleaser" release --snapshot --clean --skip=$skip
	;;
*)
	echo "usage: tools/release-check.sh [-tag]" >&2
	exit 2
	;;
esac

if grep -vE '^[0-9a-f]{64}  terraform-provider-svcacct_[^_]+_([a-z]+_[a-z0-9]+\.zip|manifest\.json)$' \
	dist/*_SHA256SUMS >&2; then
	echo "the registry refuses a release whose checksums list these files" >&2
	exit 1
fi
tools/digest.sh
echo "release-check: $(($(date +%s) - started)) s" >&2
