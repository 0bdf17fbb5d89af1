package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Users are people, each with a folder and a state, who work on the same systems at the same time.
type Users struct {
	bench   *bench
	folders []*cli.Workspace
}

// NewUsers prepares an empty folder for a number of users, and a new world.
func NewUsers(ctx context.Context, dir, tool, provider string, number int) (*Users, error) {
	b, err := newBench(ctx, dir, tool, provider)
	if err != nil {
		return nil, err
	}
	u := &Users{bench: b, folders: []*cli.Workspace{b.workspace}}
	if err := b.reset(nil); err != nil {
		return nil, errors.Join(err, u.Close())
	}
	for i := 1; i < number; i++ {
		folder := filepath.Join(dir, fmt.Sprint(i))
		if err := os.Mkdir(folder, 0o700); err != nil {
			return nil, errors.Join(err, u.Close())
		}
		w, err := cli.New(folder, tool, b.provider)
		if err != nil {
			return nil, errors.Join(err, u.Close())
		}
		b.environment(w)
		u.folders = append(u.folders, w)
		if err := u.Write(i, header); err != nil {
			return nil, errors.Join(err, u.Close())
		}
		if out, code, err := w.Run(ctx, "init", "-no-color"); err != nil || code != 0 {
			return nil, errors.Join(fmt.Errorf("init: %w: %s", err, out), u.Close())
		}
	}
	return u, nil
}

// Close stops the servers.
func (u *Users) Close() error {
	u.bench.close()
	return nil
}

const header = `terraform {
  required_providers {
    svcacct = { source = "svcacct/svcacct" }
  }
}
`

// Write gives a user a configuration. {NAME} is an id of the world.
func (u *Users) Write(user int, config string) error {
	var replacements []string
	for _, id := range u.bench.world.IDs() {
		name, value, _ := strings.Cut(id, "=")
		replacements = append(replacements, "{"+name+"}", value)
	}
	text := strings.NewReplacer(replacements...).Replace(config)
	return os.WriteFile(filepath.Join(u.folders[user].Dir, "main.tf"), []byte(text), 0o600)
}

// Ran is what a command of a user came to.
type Ran struct {
	Output string
	Code   int
}

// Run runs a command for all users at the same time.
func (u *Users) Run(ctx context.Context, args ...string) ([]Ran, error) {
	results, errs := make([]Ran, len(u.folders)), make([]error, len(u.folders))
	var all sync.WaitGroup
	for i, w := range u.folders {
		all.Go(func() {
			results[i].Output, results[i].Code, errs[i] = w.Run(ctx, args...)
			results[i].Output = u.bench.withoutKeys(results[i].Output)
		})
	}
	all.Wait()
	return results, errors.Join(errs...)
}

// Held is what all states have together: the number of instances by type, and the keys.
type Held struct {
	Instances map[string]int
	Keys      []string
}

// Held reads the states.
func (u *Users) Held() (h Held, err error) {
	h.Instances = map[string]int{}
	for _, w := range u.folders {
		text, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		var file stateFile
		if err == nil {
			err = json.Unmarshal(text, &file)
		}
		if err != nil {
			return h, err
		}
		for _, found := range file.Resources {
			h.Instances[found.Type] += len(found.Instances)
			for _, instance := range found.Instances {
				h.Keys = append(h.Keys, instance.keys()...)
			}
		}
	}
	return h, nil
}

// Made returns the number of objects by kind that exist and were not there at the start, and the keys that
// work and were not there.
func (u *Users) Made() (objects map[string]int, keys []simkit.Key) {
	now := u.bench.read()
	objects = map[string]int{}
	for kind, names := range now.objects {
		for _, name := range names {
			if !slices.Contains(u.bench.before.objects[kind], name) {
				objects[kind]++
			}
		}
	}
	for system, issued := range now.keys {
		for _, key := range issued {
			if key.Alive && !has(u.bench.before.keys[system], key.Secret) {
				keys = append(keys, key)
			}
		}
	}
	return objects, keys
}
