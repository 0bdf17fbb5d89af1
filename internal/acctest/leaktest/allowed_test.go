package leaktest

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
)

const testSchemas = `{"provider_schemas":{"registry.example.org/svcacct/svcacct":{
"resource_schemas":{"x_key":{"block":{
"attributes":{"id":{},"api_key":{"sensitive":true},
"nested":{"nested_type":{"nesting_mode":"map","attributes":{"inner":{"sensitive":true},"open":{}}}}},
"block_types":{"part":{"block":{"attributes":{"deep":{"sensitive":true}}}}}}}},
"data_source_schemas":{"x_key":{"block":{"attributes":{"id":{},"api_key":{}}}}}}}}`

const testKey = "0123456789abcdef0123456789abcdef"

// zipped returns a saved plan.
func zipped(t *testing.T, name, content string) string {
	t.Helper()
	var all bytes.Buffer
	archive := zip.NewWriter(&all)
	file, err := archive.Create(name)
	if err == nil {
		_, err = file.Write([]byte(content))
	}
	if err == nil {
		err = archive.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// A key is allowed as the value of a sensitive attribute, and nowhere else.
func TestDocument(t *testing.T) {
	s, err := parseSchemas([]byte(testSchemas))
	if err != nil {
		t.Fatal(err)
	}
	state := func(mode, attributes, private string) string {
		return fmt.Sprintf(`{"lineage":"l","resources":[{"mode":%q,"type":"x_key","instances":[{"attributes":%s,
"identity":{"id":"i"},"private":%q}]}]}`, mode, attributes, base64.StdEncoding.EncodeToString([]byte(private)))
	}
	shown := func(mode, before string) string {
		return fmt.Sprintf(`{"format_version":"1.2","resource_changes":[{"mode":%q,"type":"x_key","change":{
"before":%s,"after":null}}]}`, mode, before)
	}
	packed := func(name string) string { return "\x83" + string(textHeader(len(name))) + name + "\xd9\x20" + testKey }
	inID := `{"id":"` + testKey + `"}`
	key, inner := `{"api_key":"`+testKey+`"}`, `{"nested":{"a":{"inner":"`+testKey+`"}}}`
	for name, test := range map[string]struct {
		text  string
		found []string // places
	}{
		"text":                     {"a log with " + testKey, []string{"p"}},
		"state":                    {state("managed", key, ""), nil},
		"state, nested":            {state("managed", inner, ""), nil},
		"state, in a block":        {state("managed", `{"part":[{"deep":"`+testKey+`"}]}`, ""), nil},
		"state, another attribute": {state("managed", `{"id":"a/`+testKey+`"}`, ""), []string{"p"}},
		"state, nested attribute":  {state("managed", `{"nested":{"a":{"open":"`+testKey+`"}}}`, ""), []string{"p"}},
		"state, a data source":     {state("data", key, ""), []string{"p"}},
		"private state":            {state("managed", "{}", key), []string{"p: private state of x_key"}},
		"shown":                    {shown("managed", key), nil},
		"shown, a data source":     {shown("data", key), []string{"p"}},
		"plan":                     {zipped(t, "tfplan", packed("api_key")), nil},
		"plan, nested":             {zipped(t, "tfplan", packed("inner")), nil},
		"plan, another attribute":  {zipped(t, "tfplan", packed("my_api_key")), []string{"p/tfplan"}},
		"plan, state":              {zipped(t, "tfstate", state("managed", inID, "")), []string{"p/tfstate"}},
		"plan, its state is clean": {zipped(t, "tfstate", state("managed", key, "")), nil},
		"plan, configuration":      {zipped(t, "tfconfig/m-/main.tf", testKey), []string{"p/tfconfig/m-/main.tf"}},
	} {
		t.Run(name, func(t *testing.T) {
			parts, err := s.document("p", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			n, err := newNeedles([]Secret{{"key", testKey}})
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, p := range parts {
				for _, h := range n.in(p.text) {
					if p.allowed == nil || !p.allowed(h) {
						found = append(found, p.place)
					}
				}
			}
			if !slices.Equal(found, test.found) {
				t.Errorf("found in %q, want %q", found, test.found)
			}
		})
	}
	if _, err := s.document("p", []byte(state("managed", "{}", "")[:20]+`"}]}`)); err != nil {
		t.Errorf("broken JSON is a text: %v", err)
	}
	if _, err := parseSchemas([]byte(`{"provider_schemas":{}}`)); err == nil {
		t.Error("no provider is no error")
	}
}
