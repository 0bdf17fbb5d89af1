package tfkit

import "testing"

func TestOnly(t *testing.T) {
	type object struct{ id, name string }
	a, b, c := object{"1", "a"}, object{"2", "a"}, object{"3", "a"}
	for name, test := range map[string]struct {
		found []object
		want  *object
		err   string
	}{
		"nothing":      {nil, nil, `the thing named "a" was not found. Names are case-sensitive`},
		"an empty one": {[]object{}, nil, `the thing named "a" was not found. Names are case-sensitive`},
		"one":          {[]object{b}, &b, ""},
		"two": {
			[]object{a, b}, nil, "there is more than one thing named \"a\"; choose by id:\n  1 of a\n  2 of a",
		},
		"three, in the order of the server": {
			[]object{c, a, b}, nil, "there is more than one thing named \"a\"; choose by id:\n  3 of a\n  1 of a\n  " +
				"2 of a",
		},
		"one twice": {
			[]object{a, a}, nil, "there is more than one thing named \"a\"; choose by id:\n  1 of a\n  1 of a",
		},
	} {
		t.Run(name, func(t *testing.T) {
			describe := func(o object) string { return o.id + " of " + o.name }
			got, err := Only(test.found, `thing named "a"`, "id", describe)
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

// The result points to the object of the caller, not to a copy.
func TestOnlyDoesNotCopy(t *testing.T) {
	found := []string{"a"}
	got, err := Only(found, "thing", "id", func(text string) string { return text })
	if err != nil || got != &found[0] {
		t.Errorf("got %v, %v", got, err)
	}
}
