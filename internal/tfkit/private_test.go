package tfkit

import (
	"context"
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// privateState is the private state of a resource.
type privateState struct {
	values map[string][]byte
	broken bool
}

func (p *privateState) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	if p.broken {
		return []byte(`{"name": "half"}`), diag.Diagnostics{diag.NewErrorDiagnostic("Broken", "get "+key)}
	}
	return p.values[key], diag.Diagnostics{diag.NewWarningDiagnostic("Read", key)}
}

func (p *privateState) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	if p.broken || !json.Valid(value) {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Broken", "set "+key)}
	}
	p.values[key] = value
	return nil
}

type stored struct {
	Name  string   `json:"name"`
	Names []string `json:"names,omitempty"`
}

var private = Private[stored]{Key: "what", About: "what is stored"}

func TestPrivateRoundTrip(t *testing.T) {
	p := &privateState{values: map[string][]byte{"another": []byte("1")}}
	for name, value := range map[string]stored{
		"a value": {Name: "a", Names: []string{"b", "c"}}, "the zero value": {}, "an empty list": {Names: nil},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			private.Store(t.Context(), p, value, &diags)
			wantStrings(t, texts(diags))
			if got := private.Load(t.Context(), p, &diags); !reflect.DeepEqual(got, value) {
				t.Errorf("got %+v, want %+v", got, value)
			}
			wantStrings(t, texts(diags), "Warning: Read: what")
		})
	}
	delete(p.values, private.Key)
	var diags diag.Diagnostics
	private.Store(t.Context(), p, stored{}, &diags)
	if value, ok := p.values[private.Key]; ok {
		t.Errorf("the first zero value is stored: %s", value)
	}
	p.values[private.Key] = nil
	if got := string(p.values["another"]); got != "1" || len(p.values) != 2 {
		t.Errorf("other keys have changed: %v", p.values)
	}
}

func TestPrivateJSON(t *testing.T) {
	var diags diag.Diagnostics
	p := &privateState{values: map[string][]byte{}}
	private.Store(t.Context(), p, stored{Name: "a"}, &diags)
	if got := string(p.values["what"]); got != `{"name":"a"}` {
		t.Errorf("got %s", got)
	}
}

func TestPrivateLoad(t *testing.T) {
	const unreadable = "Error: Unable to read what is stored: The private data in the state is damaged, or a " +
		"later version of the provider wrote it."
	for name, test := range map[string]struct {
		text string
		want stored
		diag string
	}{
		"nothing":                            {"", stored{}, "Warning: Read: what"},
		"a value":                            {`{"name": "a"}`, stored{Name: "a"}, "Warning: Read: what"},
		"null":                               {`null`, stored{}, "Warning: Read: what"},
		"a further field":                    {`{"name": "a", "age": 1}`, stored{Name: "a"}, "Warning: Read: what"},
		"cut off":                            {`{"name": "a"`, stored{}, unreadable},
		"not JSON":                           {`name`, stored{}, unreadable},
		"another type, behind a valid field": {`{"name": "a", "names": 1}`, stored{}, unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			p := &privateState{values: map[string][]byte{"what": []byte(test.text)}}
			got := private.Load(t.Context(), p, &diags)
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if got := texts(diags); got[len(got)-1] != test.diag {
				t.Errorf("got %q, want %q", got, test.diag)
			}
		})
	}
}

func TestPrivateThatFails(t *testing.T) {
	var diags diag.Diagnostics
	p := &privateState{broken: true}
	if got := private.Load(t.Context(), p, &diags); got.Name != "" {
		t.Errorf("got %+v", got)
	}
	private.Store(t.Context(), p, stored{}, &diags)
	wantStrings(t, texts(diags), "Error: Broken: get what", "Error: Broken: set what")
}

// A value that JSON does not have leaves the stored value as it is.
func TestPrivateOfAValueThatJSONRefuses(t *testing.T) {
	var diags diag.Diagnostics
	p := &privateState{values: map[string][]byte{"rate": []byte("1")}}
	Private[float64]{Key: "rate", About: "the rate"}.Store(t.Context(), p, math.NaN(), &diags)
	wantStrings(t, texts(diags), "Error: Unable to store the rate: json: unsupported value: NaN")
	if got := string(p.values["rate"]); got != "1" {
		t.Errorf("got %s", got)
	}
}
