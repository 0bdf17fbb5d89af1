package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// books are what the simulators store.
type books struct {
	objects map[string][]string     // live objects by kind, as JSON without keys
	keys    map[string][]simkit.Key // by system
}

// read reads the books of the world.
func (b *bench) read() books {
	all := books{map[string][]string{}, map[string][]simkit.Key{}}
	for _, s := range b.world.Systems() {
		for _, stored := range s.Objects("") {
			if stored.Object["state"] != "Closed" {
				all.objects[stored.Kind] = append(all.objects[stored.Kind], identity(stored))
			}
		}
		all.keys[s.Name] = s.IssuedKeys()
	}
	return all
}

// identity returns the members of an object that name it.
func identity(stored simkit.Stored) string {
	names := []string{"uuid", "username", "type", "identifier", "apiKeyType"}
	var parts []string
	for _, name := range names {
		if value, ok := stored.Object[name].(string); ok {
			parts = append(parts, value)
		}
	}
	return strings.Join(parts, " ")
}

// made returns the objects of a resource that exist and were not there at the start of the world.
func (b *bench) made(r *resource) (names []string) {
	now := b.read()
	if r.kind == "" {
		for _, key := range b.live(r) {
			names = append(names, key.Account+"/"+key.Name)
		}
		return names
	}
	for _, name := range now.objects[r.kind] {
		if !slices.Contains(b.before.objects[r.kind], name) {
			names = append(names, name)
		}
	}
	return names
}

// live returns the keys that work and were issued after the start of the world.
func (b *bench) live(r *resource) (keys []simkit.Key) {
	for _, key := range b.read().keys[r.system] {
		if key.Alive && !has(b.before.keys[r.system], key.Secret) {
			keys = append(keys, key)
		}
	}
	return keys
}

// has reports whether a secret is among keys.
func has(keys []simkit.Key, secret string) bool {
	return slices.ContainsFunc(keys, func(k simkit.Key) bool { return k.Secret == secret })
}

// stored is what a state has of the resource.
type stored struct {
	exists, tainted bool
	keys            []string // that it knows
}

// stateFile is a state as the CLI stores it.
type stateFile struct {
	Resources []struct {
		Type      string
		Instances []instance
	}
}

type instance struct {
	Status     string
	Attributes map[string]any
}

// keys returns the keys that an instance has, not encrypted.
func (i instance) keys() (keys []string) {
	for _, name := range []string{"api_key", "previous_api_key"} {
		if key, ok := i.Attributes[name].(string); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

// state reads the state.
func (b *bench) state(r *resource) (s stored, err error) {
	text, err := os.ReadFile(b.statePath())
	if errors.Is(err, os.ErrNotExist) || err == nil && len(text) == 0 { // a CLI that was killed leaves it empty
		return s, nil
	}
	if err != nil {
		return s, err
	}
	var file stateFile
	if err := json.Unmarshal(text, &file); err != nil {
		return s, fmt.Errorf("the state: %w", err)
	}
	for _, found := range file.Resources {
		for _, instance := range found.Instances {
			if found.Type != r.typeName {
				continue
			}
			s.exists, s.tainted = true, instance.Status == "tainted"
			s.keys = append(s.keys, instance.keys()...)
		}
	}
	return s, nil
}

// check compares the state with the books at the end of a case. Excepted is a key that nobody tells again:
// it was issued before an import.
func (b *bench) check(r *resource, gone bool, excepted []simkit.Key) (problems []string, err error) {
	state, err := b.state(r)
	if err != nil {
		return nil, err
	}
	made, live := b.made(r), b.live(r)
	if gone && r.stays {
		made = nil
	}
	switch {
	case r.kind != "" && len(made) > 1:
		problems = append(problems, fmt.Sprintf("one configuration has %d objects: %q", len(made), made))
	case len(made) > 0 && !state.exists:
		problems = append(problems, fmt.Sprintf("an object is in no state: %q", made))
	case len(made) == 0 && state.exists:
		problems = append(problems, "the state has an object that does not exist")
	}
	if gone && state.exists {
		problems = append(problems, "the state still has the object")
	}
	for i, key := range live {
		known := slices.Contains(state.keys, key.Secret)
		if !known && (gone || !has(excepted, key.Secret)) {
			problem := fmt.Sprintf("key %d of %s %s works, and no state has it", i+1, key.Account, key.Name)
			problems = append(problems, problem)
		}
	}
	for i, key := range state.keys {
		if !has(live, key) {
			problems = append(problems, fmt.Sprintf("key %d of the state does not work", i+1))
		}
	}
	return problems, nil
}
