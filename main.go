// The Terraform provider for machine accounts and their API keys.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/svcacct/terraform-provider-svcacct/internal/process"
	"github.com/svcacct/terraform-provider-svcacct/internal/provider"
)

var version = "dev" // set at link time

func main() {
	var debug bool
	flag.BoolVar(&debug, "debug", false, "wait for a debugger, and print how Terraform reaches this process")
	flag.Parse()
	if !debug {
		process.Prepare()
	}

	err := providerserver.Serve(context.Background(), provider.New(version, provider.Options{}),
		providerserver.ServeOpts{
			Address: "registry.terraform.io/svcacct/svcacct",
			Debug:   debug,
		})
	if err != nil {
		log.Fatal(err)
	}
}
