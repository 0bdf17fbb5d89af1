package cli

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// onUnix skips a test on Windows, which runs no shell script under the name of a program, and where few users may
// create the symbolic link to the provider.
func onUnix(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the CLI is run on Unix systems alone")
	}
}

// script writes a program that stands in for the CLI.
func script(t *testing.T, body string) string {
	t.Helper()
	onUnix(t)
	program := filepath.Join(t.TempDir(), "tool")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	return program
}

func workspace(t *testing.T, body string, env ...string) *Workspace {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir()) // a link on macOS, which pwd follows
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(dir, script(t, body), "/nowhere/provider", env...)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestMirror(t *testing.T) {
	onUnix(t)
	dir := t.TempDir()
	provider := filepath.Join(t.TempDir(), "built")
	if err := os.WriteFile(provider, []byte("the provider"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := New(dir, "/usr/bin/tofu", provider)
	if err != nil {
		t.Fatal(err)
	}
	if w.Dir != dir || w.Name() != "tofu" {
		t.Errorf("%q in %q", w.Name(), w.Dir)
	}
	var found []string
	err = filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, host := range []string{"registry.opentofu.org", "registry.terraform.io"} {
		want = append(want, filepath.Join(dir, ".mirror", host, "svcacct/svcacct/0.0.1",
			runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-svcacct_v0.0.1"))
	}
	for _, file := range want {
		if text, err := os.ReadFile(file); string(text) != "the provider" {
			t.Errorf("%s holds %q: %v", file, text, err)
		}
	}
	if want = append(want, filepath.Join(dir, ".tfrc")); !slices.Equal(found, want) {
		t.Errorf("found  %s\nwanted %s", strings.Join(found, "\n       "), strings.Join(want, "\n       "))
	}
	// No "direct": a provider that the mirror lacks is not looked for elsewhere.
	config, err := os.ReadFile(filepath.Join(dir, ".tfrc"))
	if want := "provider_installation {\n  filesystem_mirror {\n    path = \"" + dir +
		"/.mirror\"\n  }\n}\n"; err != nil || string(config) != want {
		t.Errorf("configuration %q (%v), want %q", config, err, want)
	}
}

func TestNewFails(t *testing.T) {
	onUnix(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	used := t.TempDir()
	if _, err := New(used, "tofu", "/p"); err != nil {
		t.Fatal(err)
	}
	blocked := t.TempDir()
	if err := os.Mkdir(filepath.Join(blocked, ".tfrc"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"a file for a folder": file, "a folder in use": used,
		"no place for the configuration": blocked} {
		t.Run(name, func(t *testing.T) {
			if w, err := New(dir, "tofu", "/p"); err == nil {
				t.Errorf("got %+v", w)
			}
		})
	}
}

func TestEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"TF_LOG": "trace", "TF_CLI_CONFIG_FILE": "/elsewhere", "TF_VAR_x": "1", "TF_INPUT": "1", "TF_ACC": "1",
		"WALDUR_API_URL": "https://w", "WALDUR_ACCESS_TOKEN": "secret", "WAVEFRONT_ADDRESS": "https://v",
		"WAVEFRONT_TOKEN": "secret",
		"IC_USERNAME":     "u", "IC_API_KEY": "secret", "IC_API_URL": "https://i",
		"SVCACCT_AGE_IDENTITY": "secret", "SVCACCT_IMPORT_API_KEY": "secret",
		"KEPT": "yes", "MY_TF_LOG": "kept", "tf_log": "kept", "PIC_X": "kept", "CHECKPOINT_DISABLE": "",
		"WALDUR": "kept",
	} {
		t.Setenv(name, value)
	}
	w := workspace(t, "env; pwd", "WALDUR_API_URL=https://given", "KEPT=changed", "TF_LOG=")
	output, code, err := w.Run(t.Context())
	if code != 0 || err != nil {
		t.Fatalf("%d, %v: %s", code, err, output)
	}
	got, others := map[string]string{}, []string{"KEPT", "MY_TF_LOG", "tf_log", "PIC_X", "CHECKPOINT_DISABLE",
		"SVCACCT_AGE_IDENTITY", "SVCACCT_IMPORT_API_KEY"} // not other SVCACCT_ names: CI sets such
	for line := range strings.Lines(output) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		prefix, _, _ := strings.Cut(name, "_")
		if ok && (slices.Contains([]string{"TF", "WALDUR", "WAVEFRONT", "IC"}, prefix) ||
			slices.Contains(others, name)) {
			got[name] = value
		}
	}
	want := map[string]string{
		"TF_CLI_CONFIG_FILE": filepath.Join(w.Dir, ".tfrc"), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0",
		"CHECKPOINT_DISABLE": "1", "TF_LOG": "",
		"WALDUR_API_URL": "https://given", "KEPT": "changed", "MY_TF_LOG": "kept", "tf_log": "kept", "PIC_X": "kept",
		"WALDUR": "kept",
	}
	if !maps.Equal(got, want) {
		t.Errorf("environment\n got %q\nwant %q", got, want)
	}
	if !strings.HasSuffix(output, "\n"+w.Dir+"\n") || !strings.Contains(output, "\nPATH="+os.Getenv("PATH")+"\n") {
		t.Errorf("not in %s, or without PATH:\n%s", w.Dir, output)
	}
}

func TestRun(t *testing.T) {
	onUnix(t)
	for name, test := range map[string]struct {
		script, output string
		code           int
	}{
		"success":         {`echo "$#: $1, $2"`, "2: plan, a b\n", 0},
		"both outputs":    {"echo one; echo two >&2; echo three", "one\ntwo\nthree\n", 0},
		"failure":         {"echo no >&2; exit 1", "no\n", 1},
		"a plan differs":  {"exit 2", "", 2},
		"a larger code":   {"exit 77", "", 77},
		"its own end":     {"kill -9 $$", "", -1},
		"nothing to read": {"cat", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			output, code, err := workspace(t, test.script).Run(t.Context(), "plan", "a b")
			if output != test.output || code != test.code || err != nil {
				t.Errorf("got %q, %d, %v; want %q, %d", output, code, err, test.output, test.code)
			}
		})
	}
	w, err := New(t.TempDir(), "/nowhere/tool", "/p")
	if err != nil {
		t.Fatal(err)
	}
	if output, code, err := w.Run(t.Context()); output != "" || code != 0 || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no program: got %q, %d, %v", output, code, err)
	}
}

// The CLI is interrupted, not killed: it has a state to write.
func TestInterrupt(t *testing.T) {
	for name, test := range map[string]struct {
		exit string
		code int
		err  error
	}{
		"it fails":    {"exit 1", 1, nil},
		"it succeeds": {"exit 0", 0, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			w := workspace(t, "trap 'echo interrupted; sleep 0.1; echo saved; "+test.exit+"' INT\necho started; touch "+
				"running\nwhile :; do sleep 0.02; done")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				defer cancel()
				for range 500 {
					if _, err := os.Stat(filepath.Join(w.Dir, "running")); err == nil {
						return
					}
					time.Sleep(10 * time.Millisecond)
				}
			}()
			output, code, err := w.Run(ctx, "apply")
			if output != "started\ninterrupted\nsaved\n" || code != test.code || !errors.Is(err, test.err) {
				t.Errorf("got %q, %d, %v; want code %d, %v", output, code, err, test.code, test.err)
			}
		})
	}
}

func TestOutputs(t *testing.T) {
	for name, test := range map[string]struct {
		script string
		want   map[string]string
		fails  string
	}{
		"none": {"echo '{}'", map[string]string{}, ""},
		"some": {`echo '{"key": {"sensitive": true, "type": "string", "value": "k 1"}, "id": {"value": ""}}'`,
			map[string]string{"key": "k 1", "id": ""}, ""},
		"asked for": {`test "$*" = "output -json" && echo '{"a": {"value": "1"}}'`,
			map[string]string{"a": "1"}, ""},
		"with a warning": {`echo careful >&2; echo '{"a": {"value": "1"}}'`, map[string]string{"a": "1"}, ""},
		"failure":        {"echo '{}'; echo 'no state' >&2; exit 1", nil, "output -json: exit status 1: no state\n"},
		"no JSON":        {"echo none", nil, "output -json: invalid character 'o' in literal null (expecting 'u')"},
		"no text": {`echo '{"a": {"value": [1]}}'`, nil,
			"output -json: json: cannot unmarshal array into Go struct field .Value of type string"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := workspace(t, test.script).Outputs(t.Context())
			said := ""
			if err != nil {
				said = err.Error()
			}
			if said != test.fails || !maps.Equal(got, test.want) || (got == nil) != (err != nil) {
				t.Errorf("got %q, %q\nwant %q, %q", got, said, test.want, test.fails)
			}
		})
	}
}

func TestWith(t *testing.T) {
	w := workspace(t, "echo tool")
	w.Setenv("PLACE", "same")
	output, code, err := w.With(script(t, `echo "$PLACE $PWD"`)).Run(t.Context())
	if want := "same " + w.Dir + "\n"; output != want || code != 0 || err != nil {
		t.Errorf("got %q, %d, %v, want %q", output, code, err, want)
	}
	if output, _, _ := w.Run(t.Context()); output != "tool\n" {
		t.Errorf("the workspace itself runs another program now: %q", output)
	}
}
