package transport

import (
	"encoding/json"
	"testing"
)

// envelope is a type that reads its JSON itself, as responses in an envelope do.
type envelope struct{ payload named }

func (e *envelope) UnmarshalJSON(body []byte) error { return json.Unmarshal(body, &e.payload) }

// Errors name the members of the JSON, and no type of Go.
func TestDecode(t *testing.T) {
	type entry struct {
		Text   string              `json:"text"`
		Count  *int                `json:"count"`
		Flag   bool                `json:"flag"`
		Names  []string            `json:"names"`
		Inner  struct{ N float64 } `json:"inner"`
		Labels map[string]string   `json:"labels"`
		Own    envelope            `json:"own"`
	}
	const wrong = " has the wrong type: expected "
	for body, want := range map[string]string{
		`[{"text":"a","count":null,"own":{"Name":"n"}}]`: "",
		`[{"text":5}]`:           "the member text" + wrong + "a string",
		`[{"count":"5"}]`:        "the member count" + wrong + "a number",
		`[{"count":5.5}]`:        "the member count" + wrong + "a number",
		`[{"flag":"yes"}]`:       "the member flag" + wrong + "true or false",
		`[{"names":"a"}]`:        "the member names" + wrong + "a list",
		`[{"names":[1]}]`:        "the member names" + wrong + "a string",
		`[{"inner":[]}]`:         "the member inner" + wrong + "an object",
		`[{"inner":{"N":true}}]`: "the member inner.N" + wrong + "a number",
		`[{"labels":""}]`:        "the member labels" + wrong + "an object",
		`[{"own":""}]`:           "the member own" + wrong + "an object",
		`{}`:                     "it" + wrong + "a list",
		`["a"]`:                  "it" + wrong + "an object",
		" ":                      "it is empty",
		"null\n":                 "it is null",
		"<html>":                 errNotJSON.Error(),
		"[]\f":                   "it is malformed, or not complete",
		"\u00a0[]":               errNotJSON.Error(),
		`[{"text":"a"}`:          "it is malformed, or not complete",
		`[{"flag":true,"x":{"flag":true},"flag":false}]`: "an object has the member flag twice",
	} {
		t.Run(body, func(t *testing.T) {
			var value []entry
			got := ""
			if err := decode([]byte(body), &value); err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		var one thing
		var many []map[string]named
		var own envelope
		for _, value := range []any{&one, &many, &own} {
			if err := decode(body, value); err == nil && !json.Valid(body) {
				t.Errorf("%q was read", body)
			}
		}
		_ = CheckComplete(&many)
	})
}
