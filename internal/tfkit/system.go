package tfkit

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// EndpointName is the name of the setting with the address of a system. Every system has it.
const EndpointName = "endpoint"

// Setting is one value that a system needs, from its block in the provider block or from the
// environment.
type Setting struct {
	Name        string // in the block of the system
	Variable    string // the environment variable, for a setting that the block does not have
	Default     string // "": there is no default, and the setting is required
	Sensitive   bool
	Description string // for the documentation, without the environment variable
	Example     string // an address, for the errors of an endpoint
	BareHost    bool   // an endpoint may be a host without a scheme
	// InFile says that the value may also be in a file: FileName is the setting with its path, and
	// FileVariable the environment variable. A system has at most one such setting, its credential.
	InFile bool
}

// FileName is the name of the setting with the path of a file that has the value.
func (s Setting) FileName() string { return s.Name + "_file" }

// FileVariable is the environment variable for FileName.
func (s Setting) FileVariable() string { return s.Variable + "_FILE" }

// Sources says in errors where a setting of a block comes from.
func (s Setting) Sources(block string) string {
	return s.namesIn(block) + " in the provider block or the environment variable " + s.variables()
}

// Missing says in errors what to set.
func (s Setting) Missing(block string) string {
	return fmt.Sprintf("%s (or the environment variable %s)", s.namesIn(block), s.variables())
}

func (s Setting) namesIn(block string) string {
	names := block + "." + s.Name
	if s.InFile {
		names += " or " + block + "." + s.FileName()
	}
	return names
}

func (s Setting) variables() string {
	if s.InFile {
		return s.Variable + " or " + s.FileVariable()
	}
	return s.Variable
}

// Values holds the values of a system's settings by their names.
type Values map[string]string

// Of returns the value of a setting.
func (v Values) Of(s Setting) string { return v[s.Name] }

// Definition describes a system to the provider. C is the client of the system.
type Definition[C any] struct {
	Block    string // the attribute of the provider block
	Title    string // the name of the system in texts
	Settings []Setting

	// Options completes the options of the transport. They already have the endpoint.
	Options func(transport.Options, Values) transport.Options
	// Client returns the client. It sends no request.
	Client func(*Data, *transport.Client, Values) *C

	Resources          []func(*Connection[C]) resource.Resource
	DataSources        []func(*Connection[C]) datasource.DataSource
	EphemeralResources []func(*Connection[C]) ephemeral.EphemeralResource
	ListResources      []func(*Connection[C]) list.ListResource
	Actions            []func(*Connection[C]) action.Action
	Functions          []func() function.Function

	Inventory Inventory[C]
	// InventoryAbout says for the documentation what the rows hold.
	InventoryAbout string
}

// System is a Definition without its type parameter. All constructors of one System share a connection.
type System struct {
	Block    string
	Title    string
	Settings []Setting
	Options  func(transport.Options, Values) transport.Options
	// Connect makes the client available to everything that the system serves.
	Connect func(*Data, *transport.Client, Values)
	// Unusable sets the error that everything of the system reports when it is used, instead of a
	// client.
	Unusable func(summary string, reason error)

	Resources          []func() resource.Resource
	DataSources        []func() datasource.DataSource
	EphemeralResources []func() ephemeral.EphemeralResource
	ListResources      []func() list.ListResource
	Actions            []func() action.Action
	Functions          []func() function.Function

	// Inventory returns the rows of the system, and false if nobody has configured the system.
	Inventory      func(context.Context, *diag.Diagnostics) (rows []InventoryRow, configured bool)
	InventoryAbout string
}

// System returns a new System, with a new connection.
func (d Definition[C]) System() System {
	connection := &Connection[C]{}
	return System{
		Block: d.Block, Title: d.Title, Settings: d.Settings, Options: d.Options,
		Connect: func(data *Data, http *transport.Client, values Values) {
			connection.state.Store(&connectionState[C]{data: data, client: d.Client(data, http, values), http: http})
		},
		Unusable: func(summary string, reason error) {
			connection.state.Store(&connectionState[C]{unusable: reason, summary: summary})
		},

		Resources:          bind(connection, d.Resources),
		DataSources:        bind(connection, d.DataSources),
		EphemeralResources: bind(connection, d.EphemeralResources),
		ListResources:      bind(connection, d.ListResources),
		Actions:            bind(connection, d.Actions),
		Functions:          d.Functions,

		Inventory: bindInventory(connection, d.Inventory), InventoryAbout: d.InventoryAbout,
	}
}

func bind[C, T any](connection *Connection[C], constructors []func(*Connection[C]) T) []func() T {
	bound := make([]func() T, len(constructors))
	for i, construct := range constructors {
		bound[i] = func() T { return construct(connection) }
	}
	return bound
}

// Data is what the configured provider shares with everything that it serves, in all systems.
type Data struct {
	Clock Clock
	Locks *Locks
	// NoBulkReads lets each object be read by a request of its own.
	NoBulkReads bool
	Imports     *Imports
}

// ImportSettings returns the settings of imports. A Data that is nil has none: the provider is not configured.
func (d *Data) ImportSettings() *Imports {
	if d == nil {
		return nil
	}
	return d.Imports
}

// Connection holds the client of a system after the provider was configured. Each constructor takes
// the connection of its system, and so the compiler refuses a resource with the client of another
// system. The zero value is not connected.
type Connection[C any] struct {
	state atomic.Pointer[connectionState[C]]
}

type connectionState[C any] struct {
	data     *Data
	client   *C
	http     *transport.Client
	unusable error
	summary  string // of the error
}

// open returns the client, or an error if settings of the system are missing. It returns nil
// without an error while the provider is not configured, as during validation.
func (c *Connection[C]) open(providerData any, diags *diag.Diagnostics) (*Data, *C) {
	state := c.state.Load()
	switch {
	case providerData == nil || state == nil:
		return nil, nil
	case state.unusable != nil:
		diags.AddError(state.summary, state.unusable.Error())
		return nil, nil
	}
	return state.data, state.client
}

// checkHost refuses an import id that is the URL of an object on another server. Of the URL it repeats only
// the host: the URL of a key may hold the key.
func (c *Connection[C]) checkHost(id string, diags *diag.Diagnostics) {
	state := c.state.Load()
	if state == nil {
		return
	}
	if other, own := state.http.OtherHost(id); other != "" {
		diags.AddError("Import id of another server", fmt.Sprintf("The import id is a URL on the host %s. The "+
			"provider is configured for the host %s. If both are names of the same server, import by the id in the "+
			"URL instead.", other, own))
	}
}
