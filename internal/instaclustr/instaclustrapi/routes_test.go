package instaclustrapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Each operation is one request, and accepts every 2xx status.
func TestOperations(t *testing.T) {
	calls := map[string]struct {
		call     func(context.Context, *Client) error
		response string
		want     string
	}{
		"list": {
			func(ctx context.Context, c *Client) error { return drop(c.ServiceUsers.List(ctx)) },
			"[" + aUser + "]", "GET /v1/service-users",
		},
		"get": {
			func(ctx context.Context, c *Client) error { return drop(c.ServiceUsers.Get(ctx, "a/b c")) },
			aUser, "GET /v1/service-users/a%2Fb%20c",
		},
		"create": {
			func(ctx context.Context, c *Client) error {
				return drop(c.ServiceUsers.Create(ctx, ServiceUserCreate{"ci", "c@x.org", "OWNER", ""}))
			},
			aUser, `POST /v1/service-users {"username":"ci","email":"c@x.org","profile":"OWNER"}`,
		},
		"update": {
			func(ctx context.Context, c *Client) error {
				return drop(c.ServiceUsers.Update(ctx, "ci", ServiceUserUpdate{"CI", "OWNER", []string{"j"}}))
			},
			aUser, `PUT /v1/service-users/ci {"displayName":"CI","profile":"OWNER","administrators":["j"]}`,
		},
		"generate": {
			func(ctx context.Context, c *Client) error { return drop(c.APIKeys.Generate(ctx, "ci", "X")) },
			aKey, `POST /v1/service-users/ci/api-keys {"apiKeyType":"X"}`,
		},
		"revoke": {
			func(ctx context.Context, c *Client) error { return c.APIKeys.Revoke(ctx, "ci", "X") },
			"", `DELETE /v1/service-users/ci/api-keys {"apiKeyType":"X"}`,
		},
		"restrict": {
			func(ctx context.Context, c *Client) error {
				return c.APIKeys.Restrict(ctx, "ci", "X", []string{"10.0.0.0/8"})
			},
			"", `PUT /v1/service-users/ci/api-keys/X/ip-restrictions {"cidrAllowList":["10.0.0.0/8"]}`,
		},
		"rotate": {
			func(ctx context.Context, c *Client) error { return drop(c.APIKeys.Rotate(ctx, "ci", "X")) },
			aKey, `POST /v1/service-users/ci/api-keys/X/rotate`,
		},
	}
	for name, test := range calls {
		for _, status := range []int{200, 201, 202, 203} {
			t.Run(fmt.Sprintf("%s %d", name, status), func(t *testing.T) {
				c, r := newClient(t, status, test.response)
				if err := test.call(t.Context(), c); err != nil {
					t.Error(err)
				}
				r.want(t, test.want)
			})
		}
		t.Run(name+" with an empty response", func(t *testing.T) {
			c, _ := newClient(t, http.StatusNoContent, "")
			if err := test.call(t.Context(), c); transport.Lost(err) != (test.response != "") {
				t.Error(err)
			}
		})
		t.Run(name+" repeated or not", func(t *testing.T) {
			c, r := newClient(t, http.StatusServiceUnavailable, "")
			want := []string{test.want, test.want}
			if name == "create" || name == "generate" || name == "rotate" {
				want = want[:1]
			}
			if err := test.call(t.Context(), c); err == nil {
				t.Error("no error")
			}
			r.want(t, want...)
		})
		t.Run(name+" interrupted", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			c, r := newClientOf(t, func(string, string) (int, string) {
				cancel()
				time.Sleep(20 * time.Millisecond)
				return http.StatusOK, test.response
			})
			err, read := test.call(ctx, c), strings.HasPrefix(test.want, "GET")
			if cutOff := errors.Is(err, context.Canceled); cutOff != read || !cutOff && err != nil {
				t.Errorf("cut off = %t, want %t; error %v", cutOff, read, err)
			}
			r.want(t, test.want)
		})
		t.Run(name+" throttled", func(t *testing.T) {
			c, r := newClient(t, http.StatusTooManyRequests, `{"status": 429, "message": "Rate Limit Exceeded"}`)
			if err := test.call(t.Context(), c); err == nil || !strings.Contains(err.Error(), "Rate Limit Exceeded") {
				t.Error(err)
			}
			r.want(t, test.want, test.want)
		})
	}
}

// If a guessed path does not exist, the other guesses are tried, and the client keeps the path that
// exists.
func TestOtherRoutes(t *testing.T) {
	ctx := t.Context()
	routes := []string{
		"POST /v1/service-users/ci/api-keys/X/rotate",
		"POST /v1/service-users/ci/api-keys/rotate?apiKeyType=X",
		"POST /v1/service-users/api-keys/rotate?apiKeyType=X&username=ci",
	}
	for name, test := range map[string]struct {
		works  string
		status int
		want   []string
	}{
		"type in the query": {"/v1/service-users/ci/api-keys/rotate", 404, routes[:2]},
		"both in the query": {"/v1/service-users/api-keys/rotate", 405, routes},
		"no route exists":   {"nowhere", 404, routes},
	} {
		t.Run(name, func(t *testing.T) {
			c, r := newClientOf(t, func(_, path string) (int, string) {
				if path == test.works {
					return 200, aKey
				}
				return test.status, `{"message": "nothing at ` + path + `"}`
			})
			issued, err := c.APIKeys.Rotate(ctx, "ci", "X")
			r.want(t, test.want...)
			if test.works == "nowhere" {
				if err == nil || !strings.Contains(err.Error(), "nothing at /v1/service-users/ci/api-keys/X/rotate") {
					t.Errorf("%v is not the error of the first route", err)
				}
				return
			}
			if err != nil || issued.Secret.Reveal() != "s3cret" ||
				!slices.Equal(issued.AllowList, []string{"0.0.0.0/0"}) {
				t.Errorf("%v, %v", issued, err)
			}
			if _, err := c.APIKeys.Rotate(ctx, "ci", "X"); err != nil {
				t.Error(err)
			}
			r.want(t, test.want[len(test.want)-1])
		})
	}
	t.Run("another refusal is final", func(t *testing.T) {
		c, r := newClient(t, 400, `{"apiKeyType": "there is none"}`)
		if err := c.APIKeys.Restrict(ctx, "ci", "X", nil); !Refused(err, "apiKeyType") || Refused(err, "username") {
			t.Error(err)
		}
		r.want(t, `PUT /v1/service-users/ci/api-keys/X/ip-restrictions {"cidrAllowList":null}`)
	})
}
