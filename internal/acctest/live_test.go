package acctest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// One error has everything that is missing, and nothing of systems that are not named.
func TestCheckLive(t *testing.T) {
	whole := map[string]string{
		"WALDUR_API_URL": "x", "WALDUR_ACCESS_TOKEN": "secret", customerVariable: "x", projectVariable: "x",
		resourceVariable: "x", userVariable: "x",
		"WAVEFRONT_ADDRESS": "x", "WAVEFRONT_TOKEN": "secret", roleVariable: "x",
		"IC_USERNAME": "x", "IC_API_KEY": "secret", usernameVariable: "acc-x", emailVariable: "x",
		allowListVariable: "x",
	}
	for name, test := range map[string]struct {
		systems string
		lacks   []string
		changes map[string]string
		want    []string // names in the error, in order
	}{
		"no system":   {"", []string{"WALDUR_API_URL", "IC_USERNAME"}, nil, nil},
		"all systems": {"waldur, wavefront,instaclustr", nil, nil, nil},
		"one of them": {"wavefront", []string{"WALDUR_API_URL", userVariable, "IC_API_KEY"}, nil, nil},
		"lacks several": {"waldur,wavefront",
			[]string{"WALDUR_ACCESS_TOKEN", userVariable, roleVariable, emailVariable}, nil,
			[]string{"WALDUR_ACCESS_TOKEN", userVariable, roleVariable}},
		"unknown system": {"waldur,vmware", []string{projectVariable}, nil, []string{projectVariable, `"vmware"`}},
		"a user of somebody else": {"instaclustr", nil, map[string]string{usernameVariable: "grafana"},
			[]string{usernameVariable + ` must begin with "acc-"`}},
	} {
		t.Run(name, func(t *testing.T) {
			environment := maps.Clone(whole)
			maps.Copy(environment, test.changes)
			environment[liveVariable] = test.systems
			for _, variable := range test.lacks {
				delete(environment, variable)
			}
			err := checkLive(func(variable string) string { return environment[variable] })
			if len(test.want) == 0 {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			lines := strings.Split(err.Error(), "\n")[1:]
			if len(lines) != len(test.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
			for i, line := range lines[:min(len(lines), len(test.want))] {
				if !strings.Contains(line, test.want[i]) {
					t.Errorf("got %q, want %s", line, test.want[i])
				}
			}
		})
	}
}

// The page for developers and the workflow have every variable.
func TestPlacesAreDocumented(t *testing.T) {
	for _, file := range []string{"CONTRIBUTING.md", ".github/workflows/acceptance.yml"} {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		for block, p := range places() {
			variables := []string{}
			for _, setting := range p.system().Settings {
				variables = append(variables, setting.Variable)
			}
			for _, n := range p.needs {
				variables = append(variables, n.variable)
			}
			for _, variable := range variables {
				if !strings.Contains(string(text), variable) {
					t.Errorf("%s lacks %s of %s", file, variable, block)
				}
			}
		}
	}
}

// The settings of a real server come from the environment, and no configuration has them.
func TestLiveServer(t *testing.T) {
	environment := map[string]string{liveVariable: "instaclustr", "IC_USERNAME": "ops", "IC_API_KEY": "secret"}
	getenv := func(variable string) string { return environment[variable] }
	server := liveServer("instaclustr", getenv)
	got := slices.Sorted(maps.Values(server.Settings))
	if want := []string{"https://api.instaclustr.com", "ops", "secret"}; !server.Real || !slices.Equal(got, want) {
		t.Errorf("real %t, settings %q, want %q", server.Real, got, want)
	}
	if config := server.Config("# body"); strings.Contains(config, "secret") {
		t.Errorf("got %s", config)
	}
	if other := liveServer("waldur", getenv); other.Real || len(other.Settings) > 0 {
		t.Errorf("real %t, %d settings", other.Real, len(other.Settings))
	}
}
