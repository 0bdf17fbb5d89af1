// Command provider is the provider with short waits before retries, for the matrix of faults.
package main

import (
	"log"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/process"
	"github.com/svcacct/terraform-provider-svcacct/internal/provider"
)

func main() {
	options := provider.Options{RetryWait: 5 * time.Millisecond}
	if err := process.Serve(provider.New("faults", options), false); err != nil {
		log.Fatal(err)
	}
}
