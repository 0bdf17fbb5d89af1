package simkit_test

import (
	"encoding/json"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

func TestResponse(t *testing.T) {
	plain := simkit.JSON(200, map[string]string{"a": "<b>&"})
	changed := plain.With("Content-Type", "text/plain")
	simtest.Equal(t, "body", string(plain.Body), `{"a":"<b>&"}`)
	simtest.Equal(t, "type", plain.Header.Get("Content-Type"), "application/json")
	simtest.Equal(t, "changed type", changed.Header.Get("Content-Type"), "text/plain")
	simtest.Equal(t, "first header", simkit.Response{}.With("A", "b").Header.Get("A"), "b")
}

func TestMember(t *testing.T) {
	var o simkit.Object
	if err := json.Unmarshal([]byte(`{"text": "x", "null": null, "number": 1}`), &o); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"text": "x", "null": "", "missing": "", "TEXT": ""} {
		got, err := simkit.Member[string](o, name)
		simtest.Equal(t, name, got, want)
		simtest.Equal(t, "has "+name, o.Has(name), want != "")
		simtest.Equal(t, "error", err, nil)
	}
	if _, err := simkit.Member[string](o, "number"); err == nil {
		t.Error("a number is no text")
	}
}
