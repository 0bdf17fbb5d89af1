#!/bin/sh
# Follows the README and the guides in a clean clone of this repository: from nothing to a rotated key in a
# write-only argument. Prints how long each stage took.
#
#   tools/walkthrough.sh          with a Terraform from PATH, if it is recent, and with the build cache of Go
#   COLD=1 tools/walkthrough.sh   builds everything anew, Terraform too, but takes modules from the module cache
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh
unset TF_ACC_TERRAFORM_PATH || true

if [ -n "$(git status --porcelain)" ]; then
	echo "the clone has the last commit, without what has changed since" >&2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
git clone --quiet . "$work/clone"
cd "$work/clone"

walkthrough=$work/walkthrough # built before the clock starts: a reader does not need it
go build -o "$walkthrough" ./internal/cmd/walkthrough
if [ -n "${COLD:-}" ]; then
	export GOCACHE="$work/cache"
	# It hides the Terraform on PATH from tools/cli.sh, which then builds one.
	mkdir "$work/none"
	printf '#!/bin/sh\nexit 1\n' >"$work/none/terraform"
	chmod +x "$work/none/terraform"
	export PATH="$work/none:$PATH"
fi
"$walkthrough"
