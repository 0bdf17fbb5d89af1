package main

import (
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// newControl serves the control port.
func newControl([]*world.System) http.Handler { return http.NewServeMux() }
