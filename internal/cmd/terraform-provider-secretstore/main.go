// Command terraform-provider-secretstore is a provider for trying write-only arguments: it stands for the provider of
// a secret manager, and writes each secret to a file. It is no part of a release.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest/secretstore"
)

func main() {
	err := providerserver.Serve(context.Background(), secretstore.New(&secretstore.Store{}),
		providerserver.ServeOpts{Address: "registry.terraform.io/svcacct/" + secretstore.Name, ProtocolVersion: 6})
	if err != nil {
		log.Fatal(err)
	}
}
