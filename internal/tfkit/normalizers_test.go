package tfkit

import (
	"strconv"
	"strings"
	"testing"
)

func TestUUIDForms(t *testing.T) {
	for name, test := range map[string]struct {
		text, want string // "": malformed
	}{
		"bare":                     {bare, bare},
		"hyphens":                  {hyphenated, bare},
		"upper case":               {strings.ToUpper(bare), bare},
		"upper case, hyphens":      {strings.ToUpper(hyphenated), bare},
		"mixed case":               {"0123456789ABCDEF0123456789abcdef", bare},
		"empty":                    {"", ""},
		"a digit short":            {bare[1:], ""},
		"a digit long":             {bare + "0", ""},
		"no digit":                 {"g" + bare[1:], ""},
		"hyphens at other places":  {"0123-456789ab-cdef-0123-456789abcdef", ""},
		"some hyphens":             {"01234567-89abcdef0123456789abcdef", ""},
		"only hyphens":             {strings.Repeat("-", 32), ""},
		"braces":                   {"{" + hyphenated + "}", ""},
		"URN":                      {"urn:uuid:" + hyphenated, ""},
		"URL":                      {"https://waldur.example.org/api/customers/" + bare + "/", ""},
		"white space before":       {" " + bare, ""},
		"a line's end after":       {bare + "\n", ""},
		"two":                      {bare + "\n" + bare, ""},
		"digits of another script": {"٠" + bare[1:], ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := uuidOf(test.text).Canonical(); got != test.want {
				t.Errorf("Canonical: %q, want %q", got, test.want)
			}
			if got := CanonicalUUID(test.text); got != test.want {
				t.Errorf("CanonicalUUID: %q, want %q", got, test.want)
			}
			want := []string{}
			if test.want == "" {
				want = append(want, "Error some.uuid: Invalid UUID: some.uuid must be a UUID: 32 hexadecimal digits, "+
					"with or without hyphens; got "+strconv.Quote(test.text)+".")
			}
			wantStrings(t, validated(t, uuidOf(test.text)), want...)
		})
	}
}

func TestTextForms(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"plain":              {"CI of ACME", "CI of ACME"},
		"empty":              {"", ""},
		"blank":              {" \t\r\n", ""},
		"padded":             {"  CI of ACME\n", "CI of ACME"},
		"white space inside": {"CI \n of  ACME", "CI \n of  ACME"},
		"no-break space":     {"\u00a0CI\u2003", "CI"},
		"case stays":         {"cI", "cI"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := textOf(test.text).Canonical(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			wantStrings(t, validated(t, textOf(test.text)))
		})
	}
}
