package transport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// TestSecretInPath has a request whose path holds a secret fail in every way, and looks for it in the error and in the log.
func TestSecretInPath(t *testing.T) {
	const token = "9e107d9d/372b"
	for name, step := range map[string]step{
		"refused":             reply(400, `{"detail":"no token `+token+`"}`),
		"refused, by a field": reply(400, `{"token":"`+token+`"}`),
		"not found":           reply(404, `{"detail":"9e107d9d%2F372b"}`),
		"redirected":          reply(301, "", "Location", "/x/"+token),
		"cut":                 cut,
		"garbage":             raw(token + "\r\n\r\n"),
		"request id":          reply(200, "{}", "X-Request-Id", token),
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			ctx := tflogtest.RootLogger(t.Context(), &log)
			r := Request{Method: http.MethodDelete, Path: Path("tokens", token), Secret: token}
			for _, c := range []*Client{serve(t, step).client(t), client(t, "http://"+closedPort(t)), Unavailable(fmt.Errorf("no settings"))} {
				err := Do(ctx, c, r)
				if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, "372b") {
					t.Errorf("the error tells the secret: %s", text)
				}
				if err != nil {
					wantParts(t, err, "DELETE /tokens/(redacted)")
				}
			}
			if text := log.String(); strings.Contains(text, "372b") || !strings.Contains(text, "/tokens/(redacted)") {
				t.Errorf("the log tells the secret, or nothing: %s", text)
			}
		})
	}
}

func TestThrottled(t *testing.T) {
	throttled := func(o *Options) { o.Throttled = []int{http.StatusNotAcceptable} }
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			s := serve(t, reply(406, "{}"), reply(406, ""), reply(200, `{"name":"third"}`))
			got, _, err := Call[thing](t.Context(), s.client(t, throttled), kind.request)
			if err != nil || got.Name != "third" {
				t.Errorf("got %v, %v", got, err)
			}
			s = serve(t, reply(406, `{"detail":"later"}`))
			err = call(t.Context(), s.client(t, throttled), kind.request)
			s.wantSends(t, 3)
			wantLost(t, err, false)
			wantParts(t, err, "406 Not Acceptable: later")
			s = serve(t, reply(406, "{}"))
			_ = call(t.Context(), s.client(t), kind.request)
			s.wantSends(t, 1)
		})
	}
}

// TestDo tells that an empty answer, or one that is no JSON, is as good as any.
func TestDo(t *testing.T) {
	for name, step := range map[string]step{"204": reply(204, ""), "empty": reply(200, ""), "HTML": reply(200, "<p>")} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, step)
			if err := Do(t.Context(), s.client(t), Request{Method: http.MethodDelete, Path: "/x", Body: thing{"n"}}); err != nil {
				t.Error(err)
			}
			if sent := s.sends()[0]; sent.body != `{"name":"n"}` || sent.header.Get("Content-Length") != "12" {
				t.Errorf("sent %q, %v", sent.body, sent.header)
			}
		})
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	var got struct{ Key Secret }
	if err := json.Unmarshal([]byte(`{"Key": "s3cret"}`), &got); err != nil || got.Key.Reveal() != "s3cret" {
		t.Fatalf("%v: %q", err, got.Key.Reveal())
	}
	again, _ := json.Marshal(got)
	for _, text := range []string{
		fmt.Sprint(got), fmt.Sprintf("%+v %#v %s %q %x %d", got, got, got.Key, got.Key, got.Key, got.Key), fmt.Sprintf("%+v", struct{ hidden Secret }{got.Key}), fmt.Sprint(&got, []Secret{got.Key}),
		string(again), got.Key.Fingerprint(), fmt.Sprint(json.Unmarshal([]byte(`{"Key": 1234567}`), &got)),
	} {
		if strings.Contains(text, "s3cret") || strings.Contains(text, "733363726574") || strings.Contains(text, "1234567") {
			t.Errorf("it tells: %s", text)
		}
	}
	one, other := NewSecret("a"), NewSecret("b")
	if one.Fingerprint() == other.Fingerprint() || one.Fingerprint() != NewSecret("a").Fingerprint() {
		t.Error("two secrets are told apart by their values alone")
	}
}
