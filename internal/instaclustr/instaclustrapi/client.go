// Package instaclustrapi is a typed client of NetApp Instaclustr's Service User Management API.
package instaclustrapi

import (
	"context"
	"encoding/base64"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// Client sends the requests of this API.
type Client struct{ http *transport.Client }

// New returns a client that sends requests through the transport.
func New(http *transport.Client) *Client { return &Client{http: http} }

// Options completes the options of a transport with what Instaclustr needs: basic authentication with a user name and
// an API key.
func Options(o transport.Options, username, apiKey string) transport.Options {
	basic := base64.StdEncoding.EncodeToString([]byte(username + ":" + apiKey))
	o.Credential = transport.Credential{Header: "Basic " + basic, Secret: apiKey}
	return o
}

// ServiceUser is a service user.
type ServiceUser struct {
	Username string `json:"username"`
}

// Get returns one service user (GET /v1/service-users/{username}).
func (c *Client) Get(ctx context.Context, username string) (*ServiceUser, error) {
	return transport.Get[ServiceUser](ctx, c.http, transport.Path("v1", "service-users", username), nil)
}
