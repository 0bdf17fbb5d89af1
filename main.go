// The Terraform provider for machine accounts and their API keys.
package main

import (
	"flag"
	"log"

	"github.com/svcacct/terraform-provider-svcacct/internal/process"
	"github.com/svcacct/terraform-provider-svcacct/internal/provider"
)

var version = "dev" // set at link time

func main() {
	var debug bool
	flag.BoolVar(&debug, "debug", false, "wait for a debugger, and print how Terraform reaches this process")
	flag.Parse()

	if err := process.Serve(provider.New(version, provider.Options{}), debug); err != nil {
		log.Fatal(err)
	}
}
