// Command draft prints the text of the release that goreleaser creates with the settings in .goreleaser.yml. It runs
// goreleaser on an empty repository, which takes a second, with a stand-in for the API of the code host.
//
//	draft /path/to/goreleaser /path/to/notes.md
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

const (
	settings = ".goreleaser.yml"
	manifest = "terraform-registry-manifest.json" // a file of each release
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: draft /path/to/goreleaser /path/to/notes.md")
		os.Exit(2)
	}
	text, err := draft(context.Background(), os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "draft:", err)
		os.Exit(1)
	}
	fmt.Print(text)
}

// draft returns the text of the release that goreleaser creates with these notes. Both paths are absolute.
func draft(ctx context.Context, goreleaser, notes string) (string, error) {
	folder, err := os.MkdirTemp("", "draft")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	var host host
	server := httptest.NewServer(&host)
	defer server.Close()
	if err := prepare(ctx, folder, server.URL); err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, goreleaser, "release", "--release-notes", notes)
	command.Dir = folder
	command.Env = append(os.Environ(), "GITHUB_TOKEN=none", "GITLAB_TOKEN=", "GITEA_TOKEN=")
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("goreleaser: %w\n%s", err, output)
	}
	return host.text()
}

// prepare writes a repository with one commit and a tag, whose release is created at an address.
func prepare(ctx context.Context, folder, address string) error {
	all, err := os.ReadFile(settings)
	if err != nil {
		return err
	}
	for name, content := range map[string]string{
		settings: withoutBuilds(string(all), address), manifest: "{}\n", ".gitignore": "dist\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	for _, arguments := range []string{
		"init --quiet", "remote add origin https://github.com/svcacct/terraform-provider-svcacct", "add .",
		"commit --quiet --message draft", "tag v0.0.1",
	} {
		git := exec.CommandContext(ctx, "git", strings.Fields(arguments)...)
		git.Dir = folder
		git.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
			"GIT_AUTHOR_NAME=draft", "GIT_AUTHOR_EMAIL=draft@acme.example",
			"GIT_COMMITTER_NAME=draft", "GIT_COMMITTER_EMAIL=draft@acme.example")
		if output, err := git.CombinedOutput(); err != nil {
			return fmt.Errorf("git %s: %w\n%s", arguments, err, output)
		}
	}
	return nil
}

// withoutBuilds returns the settings that the text of a release depends on, with the address of the API.
func withoutBuilds(settings, address string) string {
	var kept strings.Builder
	keep := false
	for line := range strings.Lines(settings) {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.ContainsAny(name, " #") {
			keep = name == "version" || name == "release" || name == "changelog"
		}
		if keep {
			kept.WriteString(line)
		}
	}
	return fmt.Sprintf("%s\nproject_name: draft\nbuilds:\n  - skip: true\n"+
		"github_urls:\n  api: %[2]s/\n  upload: %[2]s/\n", kept.String(), address)
}

// A host is the API of the code host, so far as a release needs it. It notes the text of the release.
type host struct {
	mu   sync.Mutex
	body *string
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/releases"):
		var release struct {
			Body string `json:"body"`
		}
		if err := json.NewDecoder(r.Body).Decode(&release); err != nil {
			http.Error(w, "{}", http.StatusBadRequest)
			return
		}
		h.body = &release.Body
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id": 1}`)
	case r.Method == http.MethodPost: // a file
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id": 2}`)
	default: // no such release yet, and no limit of requests
		http.Error(w, `{"message": "Not Found"}`, http.StatusNotFound)
	}
}

func (h *host) text() (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.body == nil {
		return "", fmt.Errorf("goreleaser created no release")
	}
	return *h.body, nil
}
