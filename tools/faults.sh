#!/bin/sh
# Runs the matrix of faults: the provider, a real command line tool and simulators on loopback.
#
#   tools/faults.sh terraform|opentofu|oldest [flags of internal/cmd/faults]
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh
export GOGC=400 # a quarter of the time of so many short processes would be garbage collection

cli=$(tools/cli.sh "$1")
shift
bin=.cache/faults
mkdir -p "$bin"
CGO_ENABLED=0 go build -tags grpcnotrace -ldflags '-s -w' -buildvcs=false \
	-o "$bin/terraform-provider-svcacct" ./internal/cmd/faults/provider
go build -buildvcs=false -o "$bin/" ./internal/cmd/faults
echo "faults with $(version "$cli")"
"$bin/faults" -cli "$cli" -provider "$bin/terraform-provider-svcacct" "$@"
