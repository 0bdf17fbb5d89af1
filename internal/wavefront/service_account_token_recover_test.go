package wavefront

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// seconds returns a time some seconds after that of the first token that live returns.
func seconds(off int) string {
	return strings.Replace(then, "12:00:00", "12:00:0"+string(rune('0'+off)), 1)
}

func TestRecovered(t *testing.T) {
	const several = `sa::ci has 2 tokens named "x"` + twoDates
	key := func(at, ends, current, previous string) rotation.OverlappingKey {
		k := planned(at, ends)
		if current != "" {
			k.SetValues(transport.NewSecret(current), transport.NewSecret(previous), planned(at, ends),
				&diag.Diagnostics{})
		}
		return k
	}
	for name, test := range map[string]struct {
		tokens tokenList
		state  rotation.OverlappingKey
		want   [3]string // current and previous token, and that of an interrupted rotation
		err    string
	}{
		"imported":          {live("a y", "c x"), planned("", ""), [3]string{"c"}, ""},
		"imported, no such": {live("a y"), planned("", ""), [3]string{}, ""},
		"imported, several": {live("a x", "b x"), planned("", ""), [3]string{}, several},
		"imported, overlap": {live("p x (previous)", "c x"), planned("", ""), [3]string{"c", "p"}, ""},

		"by the key":           {live("c x"), key(then, "", "c", ""), [3]string{"c"}, ""},
		"by both keys":         {live("p x (previous)", "c x"), key(then, later, "c", "p"), [3]string{"c", "p"}, ""},
		"by the key, renamed":  {live("c y"), key(then, "", "c", ""), [3]string{"c"}, ""},
		"by the key, gone":     {live("n x"), key(then, "", "c", ""), [3]string{}, ""},
		"previous key is gone": {live("c x"), key(then, later, "c", "p"), [3]string{"c"}, ""},

		"renamed, not generated": {live("c x (previous)"), key(then, "", "c", ""), [3]string{"c"}, ""},
		"generated":              {live("c x", "n x"), key(then, "", "c", ""), [3]string{"c", "", "n"}, ""},
		"generated, overlap":     {live("c x (previous)", "n x"), key(then, "", "c", ""), [3]string{"c", "", "n"}, ""},
		"renamed and generated":  {live("c y (previous)", "n y"), key(then, "", "c", ""), [3]string{"c", "", "n"}, ""},
		"generated, oldest revoked": {
			live("c x (previous)", "n x"), key(then, later, "c", "p"), [3]string{"c", "", "n"}, "",
		},
		"an older one of the name": {live("o x", "c x"), key(then, "", "c", ""), [3]string{"c"}, ""},
		"two of the name":          {live("c x", "n x", "o x"), key(then, "", "c", ""), [3]string{"c"}, ""},

		"not stored": {live("c x"), planned(then, ""), [3]string{"c"}, ""},
		"not stored, overlap": {
			live("p x (previous)", "c x"), planned(seconds(1), later), [3]string{"c", "p"}, "",
		},
		"not stored, renamed":   {live("c x (previous)"), planned(then, ""), [3]string{"c"}, ""},
		"not stored, generated": {live("c x", "n x"), planned(then, ""), [3]string{}, several},
		"not stored, generated later": {
			live("c x", "1 y", "2 y", "n x"), planned(then, ""), [3]string{"c", "", "n"}, "",
		},
		"not stored, an older one": {
			live("o x", "1 y", "2 y", "c x"), planned(seconds(3), ""), [3]string{"c"}, "",
		},
		"not stored, in the middle": {
			live("a x", "1 y", "2 y", "b x"), planned(seconds(1), ""), [3]string{}, strings.Replace(several,
				"12:00:01", "12:00:03", 1),
		},
		"not stored, and a previous one": {
			live("c x", "p x (previous)", "2 y", "n x"), planned(then, ""), [3]string{}, strings.Replace(several,
				"12:00:01", "12:00:03", 1),
		},
		"not stored, three": {
			live("c x", "n x", "o x"), planned(then, ""), [3]string{}, strings.NewReplacer("2 tokens", "3 tokens",
				"12:00:01Z", "12:00:01Z, 2026-03-01T12:00:02Z").Replace(several),
		},
		"not stored, renamed as planned": {live("c z", "n q"), planned(then, ""), [3]string{"c"}, ""},
		"not stored, renamed as planned, generated": {
			live("c z", "n z"), planned(then, ""), [3]string{"c", "", "n"}, "",
		},
		"not stored, renamed as planned, overlap": {
			live("c z (previous)", "n z"), planned(then, ""), [3]string{"c", "", "n"}, "",
		},
		"not stored, another name": {live("c q", "1 r", "2 x2", "3 s"), planned(then, ""), [3]string{},
			`sa::ci has no token named "x", but at the time of that token, ` + then +
				`, these tokens were generated: "q", "r", "x2"`},
		"not stored, revoked":       {live("0 q", "1 q"), planned(seconds(5), ""), [3]string{}, ""},
		"not stored, in an overlap": {live("c x (previous)", "n x"), planned(then, ""), [3]string{"c", "", "n"}, ""},
		"not stored, second overlap": {
			live("c x (previous)", "1 y", "2 y", "n x"), planned(then, later), [3]string{"c", "", "n"}, "",
		},
		"not stored, second overlap at once": {
			live("c x (previous)", "1 y", "n x"), planned(then, later), [3]string{"n", "c"}, "",
		},
		"not stored, renamed in an overlap": {
			live("p x (previous)", "c y"), planned(seconds(3), later), [3]string{},
			`sa::ci has no token named "x", but its previous token, generated at ` + then,
		},
		"not stored, several previous": {
			live("1 x (previous)", "2 x (previous)"), planned(then, later), [3]string{},
			strings.Replace(several, `"x"`, `"x (previous)"`, 1),
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := tokenResourceModel{
				ServiceAccount: types.StringValue("sa::ci"), Name: types.StringValue("x"), OverlappingKey: test.state,
			}
			known, err := test.tokens.recovered(&m, "z")
			wantError(t, err, test.err)
			pair := test.tokens.find(known)
			created := known.Unconfirmed.created(test.tokens, pair)
			if got := [3]string{secretOf(pair.current), secretOf(pair.previous), secretOf(created)}; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A refresh plans no name: a token without a name is not the token of the state then.
func TestRecoveredWithoutAName(t *testing.T) {
	m := tokenResourceModel{
		ServiceAccount: types.StringValue("sa::ci"), Name: types.StringValue("x"), OverlappingKey: planned(then, ""),
	}
	_, err := live("c ").recovered(&m, "")
	wantError(t, err, `sa::ci has no token named "x", but at the time of that token, `+then+
		`, these tokens were generated: ""`)
	var diags diag.Diagnostics
	m.warnAmbiguous(err, &diags)
	if got := strings.Join(messages(diags), ""); !strings.Contains(got, "its name \"x\" back, in Wavefront") ||
		!strings.Contains(got, "terraform state rm") {
		t.Errorf("the ways out are missing: %q", got)
	}
}

func TestNoteDate(t *testing.T) {
	current := live("0 y", "1 y", "2 y", "c x")[3]
	for name, test := range map[string]struct {
		rotatedAt string
		stored    bool
		want      string // rotated_at afterwards
		warning   []string
	}{
		"newer":                {then, false, seconds(3), []string{"Warning: A token was found by its name: "}},
		"the same":             {seconds(2), false, seconds(2), nil},
		"older":                {seconds(9), false, seconds(9), nil},
		"found by its key":     {then, true, then, nil},
		"no date in the state": {"", false, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := tokenResourceModel{
				ServiceAccount: types.StringValue("sa::ci"), Name: types.StringValue("x"),
				OverlappingKey: planned(test.rotatedAt, ""),
			}
			if test.stored {
				m.SetValues(current.ID, transport.Secret{}, m.OverlappingKey, &diag.Diagnostics{})
			}
			var diags diag.Diagnostics
			m.noteDate(&current, &diags)
			wantMessages(t, diags, test.warning...)
			if got := m.RotatedAt.ValueString(); got != test.want {
				t.Errorf("rotated_at is %q, want %q", got, test.want)
			}
		})
	}
}
