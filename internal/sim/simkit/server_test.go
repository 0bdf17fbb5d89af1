package simkit_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
)

// TestServer is about which request reaches which operation: a body names the operation and the
// values of the path.
func TestServer(t *testing.T) {
	s := simkit.NewServer(nil, func(_ *http.Request, methods []string) simkit.Response {
		return simkit.JSON(http.StatusNotFound, strings.Join(methods, " "))
	})
	for _, o := range [][2]string{
		{"list", "GET /users"},
		{"me", "GET /users/me"},
		{"get", "GET /users/{id}"},
		{"delete", "DELETE /users/{id}"},
		{"activate", "POST /users/{id}/activate"},
		{"other", "POST /{kind}/{id}/{verb}"},
		{"slash", "GET /things/{id}/"},
		{"", "GET /probe"},
	} {
		s.Handle(o[0], o[1], func(r *http.Request, body []byte) simkit.Response {
			said := []string{o[0], string(body), r.PathValue("kind"), r.PathValue("id"), r.PathValue("verb")}
			return simkit.JSON(http.StatusOK, strings.Join(said, " "))
		})
	}
	client := simtest.Serve(t, s)
	for request, want := range map[string]string{
		"GET /users":            "list    ",
		"GET /users/me":         "me    ",
		"GET /users/a%2Fb?x=1":  "get   a/b ",
		"DELETE /users/7":       "delete   7 ",
		"POST /users/7/rename":  "other  users 7 rename",
		"GET /things/7/":        "slash   7 ",
		"GET /probe":            "    ",
		"DELETE /users/me":      "404 GET", // the first pattern that fits decides
		"PUT /users/7":          "404 GET DELETE",
		"HEAD /users/7":         "404 ",
		"GET /users/":           "404 ",
		"GET /things/7":         "404 ",
		"GET /users/7/activate": "404 POST",
	} {
		t.Run(request, func(t *testing.T) {
			method, path, _ := strings.Cut(request, " ")
			reply := client.In(t).Send(method, path, nil, nil)
			got := strings.Trim(reply.Body, `"`)
			if reply.Status != http.StatusOK {
				got = "404 " + got
			}
			simtest.Equal(t, request, got, want)
		})
	}
	simtest.Equal(t, "recorded probes", len(s.Requests()), 12)
	simtest.Equal(t, "methods", strings.Join(s.Methods("/users/7"), " "), "GET DELETE")
	simtest.Panics(t, func() { s.Count("none") })
	simtest.Panics(t, func() { s.Handle("x", "/no/method", nil) })
}

func TestAdvance(t *testing.T) {
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	s := simkit.NewServer(func() time.Time { return start }, nil)
	s.Advance(time.Hour)
	s.Advance(time.Minute)
	simtest.Equal(t, "time", s.Now(), start.Add(61*time.Minute))
}
