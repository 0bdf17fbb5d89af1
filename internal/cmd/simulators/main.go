// Command simulators runs the simulators until it is interrupted, and prints the environment
// variables that connect the provider to them.
package main

import (
	"fmt"
	"os"
	"os/signal"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

func main() {
	simulators := world.Start()
	defer simulators.Close()

	fmt.Printf("# Waldur has the customer %q with the project %q, Wavefront the role %q. Stop with Ctrl-C.\n",
		world.CustomerName, world.ProjectName, world.RoleName)
	for _, setting := range simulators.Environment() {
		fmt.Println("export " + setting)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	<-stop
}
