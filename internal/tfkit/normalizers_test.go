package tfkit

import (
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/types"
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
					"with or without hyphens; got "+Quote(test.text)+".")
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

func TestTimeForms(t *testing.T) {
	const refused = `Error some.uuid: Invalid time: some.uuid must be a time in RFC 3339, such as ` +
		`"2026-01-31T12:00:00Z"; got `
	for text, want := range map[string]string{
		"2026-01-31T12:00:00Z":          "2026-01-31T12:00:00Z",
		"2026-01-31T14:00:00.5+02:00":   "2026-01-31T12:00:00.5Z",
		"2026-01-31T12:00:00.000+00:00": "2026-01-31T12:00:00Z",
		"yesterday":                     "",
		"2026-01-31":                    "",
		"2026-02-31T12:00:00Z":          "",
		"":                              "",
	} {
		t.Run(text, func(t *testing.T) {
			value := Time{types.StringValue(text)}
			if got := value.Canonical(); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			errors := []string{}
			if want == "" {
				errors = append(errors, refused+strconv.Quote(text)+".")
			}
			wantStrings(t, validated(t, value), errors...)
		})
	}
}

func TestDurationForms(t *testing.T) {
	const form = `a duration in hours, minutes and seconds, such as "36h" or "1h30m"; got `
	days := func(hours, text string) string {
		return `a duration without weeks and days: write "` + hours + `" instead of "` + text + `"`
	}
	for text, test := range map[string]struct {
		want    string
		refused string
	}{
		"2160h":   {"2160h0m0s", ""},
		"90m":     {"1h30m0s", ""},
		"0":       {"0s", ""},
		"-1.5h":   {"-1h30m0s", ""},
		"90d":     {"", days("2160h", "90d")},
		"1.5d":    {"", days("36h", "1.5d")},
		"2w":      {"", days("336h", "2w")},
		"1w2d":    {"", days("216h", "1w2d")},
		"1d12h":   {"", days("36h", "1d12h")},
		"1d30m":   {"", days("24.5h", "1d30m")},
		"1d soon": {"", form + `"1d soon".`},
		"abcd":    {"", form + `"abcd".`},
		"60":      {"", form + `"60".`},
		"":        {"", form + `"".`},
		"a\nb":    {"", form + `"a b".`},
	} {
		t.Run(text, func(t *testing.T) {
			value := Duration{types.StringValue(text)}
			if got := value.Canonical(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			want := []string{}
			if test.refused != "" {
				want = append(want, "Error some.uuid: Invalid duration: some.uuid must be "+
					strings.TrimSuffix(test.refused, ".")+".")
			}
			wantStrings(t, validated(t, value), want...)
			if _, ok := DurationOf(value); ok != (test.refused == "") {
				t.Errorf("DurationOf returns %t", ok)
			}
		})
	}
}

// The canonical text of a text is its own canonical text.
func FuzzNormalizers(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		for _, n := range []Normalizer{uuidNormalizer{}, textNormalizer{}, timeNormalizer{}, durationNormalizer{}} {
			canonical, err := n.Canonical(text)
			if err != nil {
				if strings.ContainsFunc(err.Error(), unicode.IsControl) || len(err.Error()) > 1500 {
					t.Errorf("%s of %q: %q", n.Name(), text, err)
				}
				continue
			}
			again, err := n.Canonical(canonical)
			if err != nil || again != canonical {
				t.Errorf("%s of %q: %q, then %q, %v", n.Name(), text, canonical, again, err)
			}
		}
	})
}
