#!/bin/sh
# Measures what plans cost: the provider, a real command line tool and the simulators on loopback.
#
#   tools/bench.sh terraform|opentofu|oldest [flags of internal/cmd/bench]
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh

cli=$(tools/cli.sh "$1")
shift
bin=.cache/bench
mkdir -p "$bin"
# As .goreleaser.yml builds a release.
CGO_ENABLED=0 go build -tags grpcnotrace -trimpath -gcflags 'google.golang.org/...=-l' -gcflags 'golang.org/x/...=-l' \
	-gcflags 'vendor/golang.org/x/...=-l' -gcflags 'filippo.io/...=-l' -ldflags '-s -w' -buildvcs=false \
	-o "$bin/terraform-provider-svcacct" .
go build -buildvcs=false -o "$bin/" ./internal/cmd/svcacct-simulators ./internal/cmd/bench
version "$cli"
"$bin/bench" -cli "$cli" -provider "$bin/terraform-provider-svcacct" -simulators "$bin/svcacct-simulators" "$@"
