package acctest

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"
)

// namePrefix is how the name of every account of a test begins.
const namePrefix = "acc-"

// stamp is the form of the time in a name, in UTC.
const stamp = "060102150405"

var named = regexp.MustCompile(`^(?:sa::)?` + namePrefix + `([0-9]{12})-[0-9]{6}$`)

// Name returns a name that no other test uses, of 23 characters: "acc-", the time, and a number. A
// sweeper knows by the time whether a test may still run.
func Name() string { return nameAt(time.Now()) }

func nameAt(at time.Time) string {
	return fmt.Sprintf("%s%s-%06d", namePrefix, at.UTC().Format(stamp), rand.N(1_000_000))
}

// Named returns the time in a name of Name, which may have the prefix "sa::". It returns false for every
// other name.
func Named(name string) (at time.Time, ok bool) {
	found := named.FindStringSubmatch(name)
	if found == nil {
		return time.Time{}, false
	}
	at, err := time.Parse(stamp, found[1])
	return at, err == nil
}

// ShortName is for a field of five characters: "acc" and two digits or letters. Two tests rarely have the
// same. A sweeper can't know an object by it.
func ShortName() string {
	const letters = "0123456789abcdefghijklmnopqrstuvwxyz"
	return "acc" + string([]byte{letters[rand.N(len(letters))], letters[rand.N(len(letters))]})
}
