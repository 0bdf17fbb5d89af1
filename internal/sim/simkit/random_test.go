package simkit_test

import (
	"math/rand/v2"
	"regexp"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func TestRandom(t *testing.T) {
	s := simkit.NewServer(nil, nil)
	for value, form := range map[string]string{
		s.UUID():       "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
		s.RandomHex(5): "[0-9a-f]{5}",
	} {
		if !regexp.MustCompile("^" + form + "$").MatchString(value) {
			t.Errorf("%s is not of the form %s", value, form)
		}
	}
}

func TestSetRandom(t *testing.T) {
	one, other, third := simkit.NewServer(nil, nil), simkit.NewServer(nil, nil), simkit.NewServer(nil, nil)
	one.SetRandom(rand.NewChaCha8([32]byte{1}))
	other.SetRandom(rand.NewChaCha8([32]byte{1}))
	third.SetRandom(rand.NewChaCha8([32]byte{2}))
	for range 2 {
		id, same, differs := one.UUID(), other.UUID(), third.UUID()
		if id != same || id == differs {
			t.Errorf("%s, %s, %s: want the first two equal", id, same, differs)
		}
	}
}
