package leaktest

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest/overlay"
)

// leak is a change of the provider's source that lets a secret out. A file describes it: see overlay.Edit.
// It has two more lines:
//
//	find PLACE           a regular expression for the place of the finding
//	after TEXT           a regular expression for the text before the secret
type leak struct {
	overlay.Edit
	place, after *regexp.Regexp
}

func parseLeak(text string) (l leak, err error) {
	l.Edit, err = overlay.Parse(text, func(verb, rest string) (err error) {
		switch verb {
		case "find":
			l.place, err = regexp.Compile(rest)
		case "after":
			l.after, err = regexp.Compile(rest)
		default:
			err = fmt.Errorf("%q is no line of a leak", verb)
		}
		return err
	})
	if err == nil && (l.place == nil || l.after == nil) {
		err = errors.New("a leak needs find and after")
	}
	return l, err
}

// foundIn reports whether a finding is the one that a leak must bring.
func (l leak) foundIn(findings []Finding) bool {
	for _, f := range findings {
		if l.place.MatchString(f.Place) && l.after.MatchString(f.Before) {
			return true
		}
	}
	return false
}
