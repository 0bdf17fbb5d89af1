// Command simulators runs the simulators until it is interrupted, and prints how the provider reaches them.
package main

import (
	"fmt"
	"os"
	"os/signal"

	"github.com/svcacct/terraform-provider-svcacct/internal/simulators"
)

func main() {
	world := simulators.Start()
	defer world.Close()

	fmt.Printf("# Waldur has the customer %q with the project %q, Wavefront the role %q. Stop with Ctrl-C.\n", simulators.CustomerName, simulators.ProjectName, simulators.RoleName)
	for _, setting := range world.Environment() {
		fmt.Println("export " + setting)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	<-stop
}
