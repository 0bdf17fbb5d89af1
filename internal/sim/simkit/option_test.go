package simkit_test

import (
	"maps"
	"slices"
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

func TestCombine(t *testing.T) {
	all := []simkit.Option[options]{
		simkit.Flag("Loud", func(o *options) *bool { return &o.Loud }),
		simkit.Choice("Colour", func(o *options) *colour { return &o.Colour }, "red", "green"),
	}
	for together, want := range map[int][]string{
		1: {"Colour=green", "Colour=red", "Loud=true"},
		2: {"Loud=true Colour=green", "Loud=true Colour=red"},
		3: {"Loud=true Colour=green", "Loud=true Colour=red"},
	} {
		combined := simkit.Combine(all, together)
		if got := slices.Sorted(maps.Keys(combined)); !slices.Equal(got, want) {
			t.Errorf("%d together: %q", together, got)
		}
		if got := combined[want[0]]; got.Colour != "green" || got.Loud != (together > 1) {
			t.Errorf("%d together: %s is %+v", together, want[0], got)
		}
	}
}
