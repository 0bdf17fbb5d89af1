package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What a release says and where it is created stays; what takes long or needs a key goes.
func TestWithoutBuilds(t *testing.T) {
	const settings = "version: 2\n\nbuilds:\n  - id: a\n\n# Signed.\nsigns:\n  - args: ['release: x']\n\n" +
		"release:\n  github:\n    owner: svcacct\n  draft: true\n\nchangelog:\n  disable: true\n"
	const want = "version: 2\n\nrelease:\n  github:\n    owner: svcacct\n  draft: true\n\n" +
		"changelog:\n  disable: true\n\n" +
		"project_name: draft\nbuilds:\n  - skip: true\ngithub_urls:\n  api: http://a/\n  upload: http://a/\n"
	if got := withoutBuilds(settings, "http://a"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// The text is the one of the release, and there is none before a release.
func TestHost(t *testing.T) {
	var h host
	if text, err := h.text(); err == nil {
		t.Errorf("got %q without a release", text)
	}
	for _, request := range []struct {
		method, path, body string
		status             int
	}{
		{http.MethodGet, "/repos/a/b/releases/tags/v1", "", http.StatusNotFound},
		{http.MethodPost, "/repos/a/b/releases", "x", http.StatusBadRequest},
		{http.MethodPost, "/repos/a/b/releases", `{"body": "one\n"}`, http.StatusCreated},
		{http.MethodPost, "/repos/a/b/releases/1/assets", `{"body": "two"}`, http.StatusCreated},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(request.method, request.path, strings.NewReader(request.body)))
		if w.Code != request.status {
			t.Errorf("%s %s: status %d, want %d", request.method, request.path, w.Code, request.status)
		}
	}
	if text, err := h.text(); err != nil || text != "one\n" {
		t.Errorf("got %q, %v", text, err)
	}
}
