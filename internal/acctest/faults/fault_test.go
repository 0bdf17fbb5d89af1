package faults

import (
	"slices"
	"strings"
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func namesOf(cases []Case) (names []string) {
	for _, c := range cases {
		names = append(names, c.Name())
	}
	return names
}

func TestCasesOf(t *testing.T) {
	token := resources[slices.IndexFunc(resources, func(r *resource) bool { return r.name == "wavefront_token" })]
	get := simkit.Request{Operation: "getServiceAccount", Method: "GET"}
	names := namesOf(casesOf(token, phases[0], []simkit.Request{
		get, {Operation: "generateToken", Method: "POST"}, get, {Operation: "searchRoles", Method: "POST"},
	}))
	if sorted := slices.Clone(names); len(slices.Compact(slices.Sorted(slices.Values(sorted)))) != len(names) {
		t.Error("two cases have one name")
	}
	for name, want := range map[string]bool{
		"wavefront_token/create/1.getServiceAccount/reset-after":        true,
		"wavefront_token/create/3.getServiceAccount/reset-after/always": true,
		"wavefront_token/create/2.generateToken/truncated":              true,
		"wavefront_token/create/2.generateToken/truncated/always":       false,
		"wavefront_token/create/2.generateToken/missing-page":           false,
		"wavefront_token/create/4.searchRoles/missing-page":             true,
		"wavefront_token/create/all/503":                                true,
		"wavefront_token/create/all-writes/406":                         true,
		"wavefront_token/create/all-writes/truncated":                   false,
	} {
		if got := slices.Contains(names, name); got != want {
			t.Errorf("%s: %t, want %t", name, got, want)
		}
	}
	for _, name := range namesOf(casesOf(resources[0], phases[1], []simkit.Request{get})) {
		if strings.Contains(name, allWrites) || strings.HasSuffix(name, "/406") {
			t.Errorf("%s can't happen", name)
		}
	}
}

// traffic is a simulator that keeps what it is given.
type traffic struct {
	matches func(simkit.Request) bool
	fault   simkit.Fault
}

func (t *traffic) InjectWhere(matches func(simkit.Request) bool, fault simkit.Fault) error {
	t.matches, t.fault = matches, fault
	return nil
}

func TestInject(t *testing.T) {
	requests := []simkit.Request{
		{Operation: "get", Method: "GET"}, {Operation: "make", Method: "POST"}, {Operation: "get", Method: "GET"},
		{Method: "POST"}, {Operation: "get", Method: "GET"},
	}
	reset := kindsOfFaults[slices.IndexFunc(kindsOfFaults, func(k *kindOfFault) bool {
		return k.name == "reset-after"
	})]
	for name, test := range map[string]struct {
		c            Case
		hits, during string
		times        int
	}{
		"once, the second": {Case{request: "get", passed: 1, extent: once}, "--x-x", "--x--", 1},
		"always":           {Case{request: "get", passed: 1, extent: always}, "--x-x", "--x-x", -1},
		"all writes":       {Case{extent: allWrites}, "-x-x-", "-x-x-", -1},
		"all":              {Case{extent: all}, "xxx-x", "xxx-x", -1},
	} {
		t.Run(name, func(t *testing.T) {
			test.c.resource, test.c.kind = resources[0], reset
			var sim traffic
			called := false
			if err := test.c.inject(&sim, func() { called = true }); err != nil {
				t.Fatal(err)
			}
			hits, during := "", ""
			mark := map[bool]string{true: "x", false: "-"}
			for _, r := range requests {
				called = false
				hits += mark[sim.matches(r)]
				during += mark[called]
			}
			if hits != test.hits || during != test.during || sim.fault.Times != test.times {
				t.Errorf("hits %s, during %s, %d times; want %s, %s, %d", hits, during, sim.fault.Times, test.hits,
					test.during, test.times)
			}
		})
	}
}

func TestAltered(t *testing.T) {
	body := func(text string) simkit.Response { return simkit.Response{Status: 200, Body: []byte(text)} }
	for _, test := range []struct {
		got  simkit.Response
		want string
	}{
		{truncated(body(`{"a":1}`)), `{"a`},
		{withoutRows(body(`[{"a":1}]`)), `[]`},
		{withoutRows(body(`{"response":{"items":[1],"totalItems":1},"status":{}}`)),
			`{"response":{"items":[],"totalItems":1},"status":{}}`},
	} {
		if string(test.got.Body) != test.want {
			t.Errorf("got %s, want %s", test.got.Body, test.want)
		}
	}
}
