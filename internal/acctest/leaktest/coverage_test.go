package leaktest

import (
	"slices"
	"testing"
)

func TestMissing(t *testing.T) {
	one := map[string]schema{"x_one": {}}
	all := schemas{Resources: one, DataSources: one, Ephemerals: one, Lists: one}
	all.Actions = map[string]schema{"x_go": {}}
	calls := map[Call]bool{}
	for _, rpc := range []string{"PlanResourceChange", "ApplyResourceChange", "ReadResource", "OpenEphemeralResource"} {
		calls[Call{rpc, "x_one"}] = true
	}
	want := []string{
		"resource x_one: no log has its ImportResourceState", "data source x_one: no log has its ReadDataSource",
		"list resource x_one: no log has its ListResource", "action x_go: no log has its InvokeAction",
	}
	if got := all.missing(calls); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	for _, call := range []Call{
		{"ImportResourceState", "x_one"}, {"ReadDataSource", "x_one"},
		{"ListResource", "x_one"}, {"InvokeAction", "x_go"},
	} {
		calls[call] = true
	}
	if got := all.missing(calls); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}
