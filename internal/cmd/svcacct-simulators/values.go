package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// duration is a time such as "720h" in JSON; empty is 0.
type duration time.Duration

// UnmarshalJSON returns an error for a time that is negative.
func (d *duration) UnmarshalJSON(raw []byte) error {
	text := "0s"
	if err := json.Unmarshal(raw, &text); err == nil {
		parsed, err := time.ParseDuration(cmp.Or(text, "0s"))
		if err == nil && parsed >= 0 {
			*d = duration(parsed)
			return nil
		}
	}
	return errors.New(string(raw) + ` is not a time such as "720h"`)
}

// drop is "before" or "after" in JSON, or empty.
type drop simkit.Drop

// UnmarshalJSON returns an error for any other value.
func (d *drop) UnmarshalJSON(raw []byte) error {
	known := map[string]simkit.Drop{
		"null": simkit.DropNone, `""`: simkit.DropNone, `"before"`: simkit.DropBefore, `"after"`: simkit.DropAfter,
	}
	value, ok := known[string(raw)]
	if !ok {
		return errors.New(string(raw) + ` is not a "drop"; there are "before" and "after"`)
	}
	*d = drop(value)
	return nil
}

// globs are the regular expressions of what a glob has.
var globs = strings.NewReplacer(`\*\*`, `.*`, `\*`, `[^/]*`, `\?`, `[^/]`)

// glob returns what matches whole paths. In a glob, * is any text in a segment, ** any text, and ?
// one character in a segment. An empty glob and a single * are any path.
func glob(text string) (*regexp.Regexp, error) {
	switch {
	case text == "" || text == "*":
		text = "**"
	case !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "**"):
		return nil, errors.New(`"path" must begin with / or **`)
	}
	return regexp.Compile(`(?s)\A` + globs.Replace(regexp.QuoteMeta(text)) + `\z`)
}
