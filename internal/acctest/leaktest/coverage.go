package leaktest

import (
	"fmt"
	"maps"
	"slices"
)

// missing returns what the provider serves and no life has called. A type that is new to the provider is
// missing until a script has its life.
func (s schemas) missing(calls map[Call]bool) []string {
	var all []string
	for _, kind := range []struct {
		name  string
		types map[string]schema
		rpcs  []string
	}{
		{"resource", s.Resources, []string{
			"PlanResourceChange", "ApplyResourceChange", "ReadResource", "ImportResourceState",
		}},
		{"data source", s.DataSources, []string{"ReadDataSource"}},
		{"ephemeral resource", s.Ephemerals, []string{"OpenEphemeralResource"}},
		{"list resource", s.Lists, []string{"ListResource"}},
		{"action", s.Actions, []string{"InvokeAction"}},
	} {
		for _, name := range slices.Sorted(maps.Keys(kind.types)) {
			for _, rpc := range kind.rpcs {
				if !calls[Call{rpc, name}] {
					all = append(all, fmt.Sprintf("%s %s: no log has its %s", kind.name, name, rpc))
				}
			}
		}
	}
	return all
}
