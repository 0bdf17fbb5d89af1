package transport_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestServerTime(t *testing.T) {
	for name, test := range map[string]struct {
		date  string
		ahead time.Duration
		known bool
	}{
		"ahead":   {time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), time.Hour, true},
		"behind":  {time.Now().Add(-48 * time.Hour).UTC().Format(http.TimeFormat), -48 * time.Hour, true},
		"no time": {"today", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", test.date)
				_, _ = w.Write([]byte("{}"))
			}))
			defer server.Close()
			client, err := transport.New(transport.Options{Endpoint: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			if _, known := client.ServerTime(); known {
				t.Error("the time is known before a response")
			}
			if err := transport.Delete(t.Context(), client, "/x"); err != nil {
				t.Fatal(err)
			}
			now, known := client.ServerTime()
			past := time.Now().Add(test.ahead).Sub(now) // the tolerance, a cut second and the time of the test
			if known != test.known || known && (past < 4*time.Second || past > 30*time.Second) {
				t.Errorf("got %s, %t", now, known)
			}
		})
	}
}
