package leaktest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
)

// schemas is all that the provider serves, as "providers schema -json" writes it.
type schemas struct {
	Resources   map[string]schema `json:"resource_schemas"`
	DataSources map[string]schema `json:"data_source_schemas"`
	Ephemerals  map[string]schema `json:"ephemeral_resource_schemas"`
	Lists       map[string]schema `json:"list_resource_schemas"`
	Actions     map[string]schema `json:"action_schemas"`
}

type schema struct {
	Block block `json:"block"`
}

// block is a block, or the type of a nested attribute.
type block struct {
	Attributes map[string]attribute `json:"attributes"`
	Blocks     map[string]schema    `json:"block_types"`
	Nesting    string               `json:"nesting_mode"`
}

type attribute struct {
	Sensitive bool   `json:"sensitive"`
	Nested    *block `json:"nested_type"`
}

// parseSchemas reads the output of "providers schema -json", with one provider.
func parseSchemas(output []byte) (s schemas, err error) {
	var all struct {
		Providers map[string]schemas `json:"provider_schemas"`
	}
	if err = json.Unmarshal(output, &all); err != nil {
		return s, err
	}
	for address, s := range all.Providers {
		if strings.HasSuffix(address, "/svcacct/svcacct") {
			return s, nil
		}
	}
	return s, errors.New("the schemas of the provider are missing")
}

// of returns the schema of a resource or of a data source.
func (s schemas) of(mode, name string) block {
	if mode == "data" {
		return s.DataSources[name].Block
	}
	return s.Resources[name].Block
}

// sensitiveNames returns the names of all sensitive attributes of resources and data sources.
func (s schemas) sensitiveNames() []string {
	var names []string
	for _, kind := range []map[string]schema{s.Resources, s.DataSources} {
		for _, of := range kind {
			names = append(names, of.Block.sensitiveNames()...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (b block) sensitiveNames() (names []string) {
	for name, a := range b.Attributes {
		if a.Sensitive {
			names = append(names, name)
		} else if a.Nested != nil {
			names = append(names, a.Nested.sensitiveNames()...)
		}
	}
	for _, nested := range b.Blocks {
		names = append(names, nested.Block.sensitiveNames()...)
	}
	return names
}

// hide removes the values of sensitive attributes from a value of this type, and returns them.
func (b block) hide(value any) (hidden []any) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			hidden = append(hidden, b.hide(element)...)
		}
	case map[string]any:
		for name, a := range b.Attributes {
			if a.Sensitive && value[name] != nil {
				hidden = append(hidden, value[name])
				value[name] = true
			} else if a.Nested != nil {
				hidden = append(hidden, a.Nested.hideNested(value[name])...)
			}
		}
		for name, nested := range b.Blocks {
			hidden = append(hidden, nested.Block.hide(value[name])...)
		}
	}
	return hidden
}

func (b block) hideNested(value any) (hidden []any) {
	members, isMap := value.(map[string]any)
	if b.Nesting != "map" || !isMap {
		return b.hide(value)
	}
	for _, member := range members {
		hidden = append(hidden, b.hide(member)...)
	}
	return hidden
}

// part is a text to search. Allowed reports, for a place in the text where a secret begins, whether a
// secret may stand there; nil: nowhere.
type part struct {
	place   string
	text    []byte
	allowed func(h hit) bool
}

// document returns the parts of a text that a CLI wrote. Values of sensitive attributes are parts of their
// own: in a saved plan, in a state and in the JSON form of both. All of any other text is one part.
func (s schemas) document(place string, text []byte) ([]part, error) {
	if bytes.HasPrefix(text, []byte("PK\x03\x04")) {
		return s.plan(place, text)
	}
	if !bytes.HasPrefix(text, []byte("{")) || !json.Valid(text) {
		return []part{{place: place, text: text}}, nil
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	var hidden []any
	var parts []part
	if all["lineage"] != nil {
		var err error
		if hidden, parts, err = s.hideState(place, all); err != nil {
			return nil, err
		}
	} else {
		hidden = s.hideShown(all)
	}
	values, err := json.Marshal(hidden)
	if err != nil {
		return nil, err
	}
	rest, err := json.Marshal(all)
	anywhere := func(hit) bool { return true }
	return append(parts, part{place: place, text: rest}, part{place, values, anywhere}), err
}

// hideState returns the values of sensitive attributes, and the private state of each object. That stands in
// base64, which would hide a text from a search; what the provider stores there is no sensitive attribute.
func (s schemas) hideState(place string, state map[string]any) (hidden []any, private []part, err error) {
	for resource := range objects(state["resources"]) {
		mode, _ := resource["mode"].(string)
		name, _ := resource["type"].(string)
		for instance := range objects(resource["instances"]) {
			hidden = append(hidden, s.of(mode, name).hide(instance["attributes"])...)
			encoded, _ := instance["private"].(string)
			text, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: the private state of %s: %w", place, name, err)
			}
			instance["private"] = nil
			private = append(private, part{place: place + ": private state of " + name, text: text})
		}
	}
	return hidden, private, nil
}

// objects yields the objects in a list.
func objects(list any) func(yield func(map[string]any) bool) {
	return func(yield func(map[string]any) bool) {
		elements, _ := list.([]any)
		for _, element := range elements {
			if object, ok := element.(map[string]any); ok && !yield(object) {
				return
			}
		}
	}
}

// hideShown removes the values of sensitive attributes from what "show -json" writes, wherever a resource or
// its change is, and returns them.
func (s schemas) hideShown(value any) (hidden []any) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			hidden = append(hidden, s.hideShown(element)...)
		}
	case map[string]any:
		mode, _ := value["mode"].(string)
		if name, _ := value["type"].(string); mode != "" && name != "" {
			change, _ := value["change"].(map[string]any)
			for _, values := range []any{value["values"], change["before"], change["after"]} {
				hidden = append(hidden, s.of(mode, name).hide(values)...)
			}
		}
		for _, member := range value {
			hidden = append(hidden, s.hideShown(member)...)
		}
	}
	return hidden
}

// plan returns the parts of a saved plan: a ZIP file with the states, the configuration and, in Protocol
// Buffers, the changes.
func (s schemas) plan(place string, text []byte) ([]part, error) {
	files, err := cli.PlanFiles(text)
	if err != nil {
		return nil, err
	}
	parts := []part{{place: place + " before it is unzipped", text: text}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content, inside := files[name], place+"/"+name
		if name == "tfplan" {
			parts = append(parts, part{inside, content, s.afterSensitiveName(content)})
			continue
		}
		more, err := s.document(inside, content)
		if err != nil {
			return nil, err
		}
		parts = append(parts, more...)
	}
	return parts, nil
}

// afterSensitiveName allows a secret that is the value of a sensitive attribute in MessagePack, the
// form that values have in the changes of a plan: name, type and length stand right before it.
func (s schemas) afterSensitiveName(text []byte) func(hit) bool {
	var before [][]byte
	for _, name := range s.sensitiveNames() {
		before = append(before, append(textHeader(len(name)), name...))
	}
	return func(h hit) bool {
		return slices.ContainsFunc(before, func(name []byte) bool {
			return bytes.HasSuffix(text[:h.at], append(slices.Clone(name), textHeader(len(h.bytes))...))
		})
	}
}

// textHeader is what MessagePack writes before a text of less than 256 bytes.
func textHeader(length int) []byte {
	if length < 32 {
		return []byte{0xa0 | byte(length)}
	}
	return []byte{0xd9, byte(length)}
}
