package guidetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func newShell(t *testing.T) (s *Shell, dir string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a shell on Windows has paths of its own, such as /c/Users, and no signals")
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, err = NewShell(t.Context(), dir, []string{"PATH=" + os.Getenv("PATH"), "GREETING=hello"})
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func TestShell(t *testing.T) {
	s, dir := newShell(t)
	for _, test := range []struct{ block, want, wantDir string }{
		{"a=1\necho $GREETING; echo error >&2", "hello\nerror\n", dir},
		{"mkdir b && cd b\nprintf $a", "1", dir + "/b"},
		{"cat >c <<EOF\nline $a\nEOF\ncat c -", "line 1\n", dir + "/b"}, // there is no input to wait for
	} {
		output, now, err := s.Run(test.block)
		if err != nil || output != test.want || now != test.wantDir {
			t.Errorf("%s: got %q in %s (%v)", test.block, output, now, err)
		}
	}
	if output, _, err := s.Run("false && true"); err == nil || output != "" {
		t.Errorf("a list fails, got %q (%v)", output, err)
	}
	if output, _, err := s.Run("echo before; false\necho after"); err == nil || output != "before\n" {
		t.Errorf("a command fails, got %q (%v)", output, err)
	}
	if _, _, err := s.Run("echo again"); err == nil {
		t.Error("the shell goes on after an error")
	}
}

func TestShellEndsItsProgram(t *testing.T) {
	s, dir := newShell(t)
	if _, _, err := s.Run("(trap 'echo ended >log; exit' TERM; echo >ready\n while :; do sleep 0.1; done) >/dev/null " +
		"2>&1 &\nuntil test -f ready; do sleep 0.1; done"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for range 50 {
		text, err := os.ReadFile(filepath.Join(dir, "log"))
		if err == nil && strings.TrimSpace(string(text)) == "ended" {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("the program goes on")
}
