#!/bin/sh
# Runs the demo: the provider, a real command line tool and simulators of the three systems on loopback.
#
#   tools/demo.sh terraform|opentofu|oldest
set -eu

cd "$(dirname "$0")/.."
. tools/env.sh

cli=$(tools/cli.sh "$1")
go build -buildvcs=false -o .cache/provider/terraform-provider-svcacct .
go run ./internal/cmd/demo -provider "$PWD/.cache/provider/terraform-provider-svcacct" -cli "$cli"
