package tfkit

import (
	"context"
	"errors"
	"testing"
)

func TestLostCreate(t *testing.T) {
	lost := errors.New("POST /things/: connection reset")
	type object struct{ name, color string }
	mine, others := &object{"a", "red"}, &object{"a", "blue"}
	errSearch := errors.New("GET /things/: 503 Service Unavailable")
	for name, test := range map[string]struct {
		found *object
		err   error
		want  *object
		text  string
	}{
		"created": {mine, nil, mine, ""},
		"not created": {nil, nil, nil, "POST /things/: connection reset. No thing was found afterwards. If the " +
			"server is still processing the request and creates it, the next apply says how to import it"},
		"created by somebody else": {others, nil, nil, "POST /things/: connection reset. Meanwhile somebody else " +
			"created another thing of this name: a in blue"},
		"the search fails": {nil, errSearch, nil, "POST /things/: connection reset. It is not known whether the " +
			"thing was created, since the search for it failed too: GET /things/: 503 Service Unavailable. Apply " +
			"again: if it was created, the error says how to import it"},
		"the search fails, with an object": {mine, errSearch, nil, "POST /things/: connection reset. It is not known " +
			"whether the thing was created, since the search for it failed too: GET /things/: 503 Service " +
			"Unavailable. Apply again: if it was created, the error says how to import it"},
	} {
		for moment, interrupted := range map[string]bool{"": false, ", after an interrupt": true} {
			t.Run(name+moment, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.WithValue(t.Context(), object{}, "kept"))
				defer cancel()
				if interrupted {
					cancel()
				}
				got, err := LostCreate[object]{
					Thing: "thing",
					Find: func(ctx context.Context) (*object, error) {
						if ctx.Err() != nil {
							t.Errorf("the search has ended: %s", ctx.Err())
						}
						if ctx.Value(object{}) != "kept" {
							t.Error("the values of the context are lost")
						}
						return test.found, test.err
					},
					Fits:  func(o *object) bool { return o.color == "red" },
					Other: func(o *object) string { return o.name + " in " + o.color },
				}.Recover(ctx, lost)
				if got != test.want {
					t.Errorf("got %+v, want %+v", got, test.want)
				}
				text := ""
				if err != nil {
					text = err.Error()
				}
				if text != test.text {
					t.Errorf("error\n got %q\nwant %q", text, test.text)
				}
				if err != nil && (!errors.Is(err, lost) || test.err != nil && !errors.Is(err, test.err)) {
					t.Error("the error wraps not all causes")
				}
			})
		}
	}
}

// An object that is not imported has other sentences, and a search that compares needs no Fits.
func TestLostCreateNext(t *testing.T) {
	lost := errors.New("POST /things/: connection reset")
	thing := "a"
	for name, test := range map[string]struct {
		found *string
		err   error
		text  string
	}{
		"created":     {&thing, nil, ""},
		"not created": {nil, nil, "POST /things/: connection reset. No thing was found afterwards. Then we see"},
		"the search fails": {nil, errors.New("GET /things/: 503"), "POST /things/: connection reset. It is not known " +
			"whether the thing was created, since the search for it failed too: GET /things/: 503. Then we see"},
	} {
		t.Run(name, func(t *testing.T) {
			find := func(context.Context) (*string, error) { return test.found, test.err }
			got, err := LostCreate[string]{Thing: "thing", Next: "Then we see", Find: find}.Recover(t.Context(), lost)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if got != test.found || text != test.text {
				t.Errorf("got %v, %q", got, text)
			}
		})
	}
}
