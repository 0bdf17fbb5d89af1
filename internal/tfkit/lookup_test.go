package tfkit

import "testing"

func TestOnly(t *testing.T) {
	type thing struct{ id, name string }
	a, b, c := thing{"1", "a"}, thing{"2", "a"}, thing{"3", "a"}
	for name, test := range map[string]struct {
		found []thing
		want  *thing
		err   string
	}{
		"nothing":      {nil, nil, `no thing named "a" is visible to the token`},
		"an empty one": {[]thing{}, nil, `no thing named "a" is visible to the token`},
		"one":          {[]thing{b}, &b, ""},
		"two":          {[]thing{a, b}, nil, "there is more than one thing named \"a\"; choose by id:\n  1 of a\n  2 of a"},
		"three, in the order of the server": {
			[]thing{c, a, b}, nil, "there is more than one thing named \"a\"; choose by id:\n  3 of a\n  1 of a\n  2 of a",
		},
		"one twice": {[]thing{a, a}, nil, "there is more than one thing named \"a\"; choose by id:\n  1 of a\n  1 of a"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Only(test.found, `thing named "a"`, "id", func(one thing) string { return one.id + " of " + one.name })
			if (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			text := ""
			if err != nil {
				text = err.Error()
			}
			if text != test.err {
				t.Errorf("error\n got %q\nwant %q", text, test.err)
			}
		})
	}
}

// The one that is found is the caller's own, not a copy.
func TestOnlyIsNoCopy(t *testing.T) {
	found := []string{"a"}
	got, err := Only(found, "thing", "id", func(text string) string { return text })
	if err != nil || got != &found[0] {
		t.Errorf("got %v, %v", got, err)
	}
}
