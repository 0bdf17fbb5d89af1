package main

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// adopt imports the first object, and writes a state with all objects from the state with the first.
func (c *trial) adopt(ctx context.Context) error {
	if err := terraform(ctx, c.workspace, "apply", "-auto-approve", "-var=objects=1"); err != nil {
		return err
	}
	file := filepath.Join(c.workspace.Dir, "terraform.tfstate")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if text, err = multiply(text, c.family.stem, c.size.objects); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

// multiply returns a state in which each instance with the index 0 has n copies, itself included. In a
// copy, names that have the stem and a number have the copy's number, and so have the UUIDs, which the
// simulators make from such names.
func multiply(state []byte, stem string, n int) (text []byte, err error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(state, &all); err != nil {
		return nil, err
	}
	var resources []map[string]json.RawMessage
	if err := json.Unmarshal(all["resources"], &resources); err != nil {
		return nil, err
	}
	for _, resource := range resources {
		var first []map[string]json.RawMessage
		if err := json.Unmarshal(resource["instances"], &first); err != nil {
			return nil, err
		}
		if len(first) != 1 {
			return nil, fmt.Errorf("the state has %d instances", len(first))
		}
		copies := make([]map[string]json.RawMessage, n)
		for i := range copies {
			if copies[i], err = renumber(first[0], stem, i); err != nil {
				return nil, err
			}
		}
		if resource["instances"], err = json.Marshal(copies); err != nil {
			return nil, err
		}
	}
	if all["resources"], err = json.Marshal(resources); err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// renumber returns an instance with the name and the UUID of another object.
func renumber(first map[string]json.RawMessage, stem string, i int) (map[string]json.RawMessage, error) {
	name, other := fmt.Sprintf("%s-%06d", stem, 1), fmt.Sprintf("%s-%06d", stem, i+1)
	replace := strings.NewReplacer(name, other, uuid(name), uuid(other)).Replace
	instance := map[string]json.RawMessage{}
	for key, value := range first {
		instance[key] = json.RawMessage(replace(string(value)))
	}
	instance["index_key"] = json.RawMessage(strconv.Itoa(i))
	if raw, ok := first["private"]; ok {
		var private []byte // base64
		if err := json.Unmarshal(raw, &private); err != nil {
			return nil, err
		}
		text, err := json.Marshal([]byte(replace(string(private))))
		if err != nil {
			return nil, err
		}
		instance["private"] = text
	}
	return instance, nil
}

func uuid(name string) string {
	sum := md5.Sum([]byte(name)) //nolint:gosec // not a secret
	return hex.EncodeToString(sum[:])
}
