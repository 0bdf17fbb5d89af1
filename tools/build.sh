#!/bin/sh
# Builds one of the pinned programs below tools/ into .cache/bin and prints its path.
#
#   tools/build.sh terraform|opentofu|oldest|docs|lint|actionlint|goreleaser
#
# The path goes to standard output, progress to standard error. A program is built again only when its
# module has changed.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
module=${1:-}
extra=

case $module in
# Both report a "-dev" version by default, and version constraints treat such a version as a pre-release.
terraform)
	package=github.com/hashicorp/terraform binary=terraform
	ldflags='-X github.com/hashicorp/terraform/version.dev=no'
	;;
opentofu)
	package=github.com/opentofu/opentofu/cmd/tofu binary=tofu
	ldflags='-X github.com/opentofu/opentofu/version.dev=no'
	;;
oldest) # the oldest Terraform that the provider works with
	package=github.com/hashicorp/terraform binary=terraform-oldest
	ldflags=
	;;
docs)
	package=github.com/hashicorp/terraform-plugin-docs/cmd/tfplugindocs binary=tfplugindocs
	ldflags=
	;;
lint)
	package=github.com/golangci/golangci-lint/v2/cmd/golangci-lint binary=golangci-lint
	ldflags=
	# golangci-lint refuses code for a Go newer than the one it was built with.
	extra=$(go env GOVERSION)
	;;
actionlint)
	package=github.com/rhysd/actionlint/cmd/actionlint binary=actionlint
	ldflags=
	;;
goreleaser)
	package=github.com/goreleaser/goreleaser/v2 binary=goreleaser
	ldflags=
	;;
*)
	echo "usage: tools/build.sh terraform|opentofu|oldest|docs|lint|actionlint|goreleaser" >&2
	exit 2
	;;
esac

out=$root/.cache/bin/$binary
stamp=$root/.cache/bin/.$binary.stamp
log=$root/.cache/bin/.$binary.log

want="$ldflags $extra $(find "$root/tools/$module" -type f | LC_ALL=C sort | xargs cat | cksum)"
if [ -x "$out" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
	echo "$out"
	exit 0
fi

mkdir -p "$root/.cache/bin"
rm -f "$stamp"
echo "building $binary from tools/$module into .cache/bin; this takes some minutes the first time" >&2

# Built beside its place and moved there, so that nobody runs half a file.
cd "$root/tools/$module"
GOWORK=off go build -v -ldflags "-s -w $ldflags" -o "$out.$$" "$package" >"$log" 2>&1 &
build=$!
# A shell that is not interactive starts background commands deaf to Ctrl-C.
trap 'kill "$build" 2>/dev/null || true; rm -f "$out.$$"' EXIT
trap 'exit 130' INT TERM

started=$(date +%s)
shown=0
while kill -0 "$build" 2>/dev/null; do
	sleep 1
	elapsed=$(($(date +%s) - started))
	if [ -t 2 ] || [ $((elapsed - shown)) -ge 10 ]; then
		shown=$elapsed
		fetched=$(grep -c '^go: downloading' "$log" || true)
		compiled=$(grep -vc '^go: ' "$log" || true)
		if [ -t 2 ]; then start='\r' end=''; else start='' end='\n'; fi
		printf "$start  %s: %d s, %d modules fetched, %d packages compiled$end" \
			"$binary" "$elapsed" "$fetched" "$compiled" >&2
	fi
done
if [ -t 2 ]; then echo >&2; fi

if ! wait "$build"; then
	echo "building $binary failed; the end of $log:" >&2
	tail -n 20 "$log" >&2
	exit 1
fi

mv "$out.$$" "$out"
echo "$want" >"$stamp"
echo "built $binary in $(($(date +%s) - started)) s" >&2
echo "$out"
