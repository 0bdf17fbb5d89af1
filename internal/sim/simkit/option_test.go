package simkit_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

type colour string

type options struct {
	Now    func()
	Loud   bool
	Colour colour
}

func TestOptions(t *testing.T) {
	simtest.Options(t, []simkit.Option[options]{
		simkit.Flag("Loud", func(o *options) *bool { return &o.Loud }),
		simkit.Choice("Colour", func(o *options) *colour { return &o.Colour }, "red", "green"),
	})
}
