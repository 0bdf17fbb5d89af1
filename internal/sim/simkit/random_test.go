package simkit_test

import (
	"regexp"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func TestRandom(t *testing.T) {
	for value, form := range map[string]string{
		simkit.UUID():       "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
		simkit.RandomHex(5): "[0-9a-f]{5}",
	} {
		if !regexp.MustCompile("^" + form + "$").MatchString(value) {
			t.Errorf("%s is not of the form %s", value, form)
		}
	}
}
