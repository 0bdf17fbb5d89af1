package faults

import (
	"fmt"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// resource describes a resource type: its configurations, and what the books of its simulator have of it.
type resource struct {
	name     string // in the names of cases
	typeName string
	system   string
	// body has the arguments. {text} stands for a text that an update changes, {NAME} for an id of the
	// world.
	body string
	// importID is the id of the import, with ids of the world.
	importID string
	// key reports whether the resource has a key that keepers rotate.
	key bool
	// kind is that of its objects in the books; "": its keys alone.
	kind string
	// stays reports whether the server can't delete the object.
	stays bool
}

// address is the address of the resource block in each configuration.
func (r *resource) address() string { return r.typeName + ".it" }

// tokenOwner and keyOwner are accounts of the world, for resources that are the key of an account.
const (
	tokenOwner = "sa::legacy"
	keyOwner   = "owner-of-key"
)

var resources = []*resource{
	{
		name: "waldur_customer", typeName: "svcacct_waldur_customer_service_account", system: "Waldur",
		body: `
  customer_uuid        = "{WALDUR_CUSTOMER_UUID}"
  preferred_identifier = "ci"
  description          = "{text}"
`,
		importID: "{WALDUR_CUSTOMER_UUID}/svc-ci", key: true, kind: "customer_service_account",
	},
	{
		name: "waldur_project", typeName: "svcacct_waldur_project_service_account", system: "Waldur",
		body: `
  project_uuid         = "{WALDUR_PROJECT_UUID}"
  preferred_identifier = "ci"
  description          = "{text}"
`,
		importID: "{WALDUR_PROJECT_UUID}/svc-ci", key: true, kind: "project_service_account",
	},
	{
		name: "waldur_robot", typeName: "svcacct_waldur_robot_account", system: "Waldur",
		body: `
  resource_uuid = "{WALDUR_RESOURCE_UUID}"
  type          = "cicd"
  description   = "{text}"
  users         = ["{WALDUR_USER_UUID}"]
`,
		importID: "{WALDUR_RESOURCE_UUID}/cicd", kind: "robot_account",
	},
	{
		name: "wavefront_account", typeName: "svcacct_wavefront_service_account", system: "Wavefront",
		body: `
  identifier  = "sa::ci"
  description = "{text}"
  roles       = ["{WAVEFRONT_ROLE_ID}"]
`,
		importID: "sa::ci", kind: "service_account",
	},
	{
		name: "wavefront_token", typeName: "svcacct_wavefront_service_account_token", system: "Wavefront",
		body: `
  service_account = "` + tokenOwner + `"
  name            = "{text}"
`,
		importID: tokenOwner + "/first", key: true,
	},
	{
		name: "wavefront_overlap", typeName: "svcacct_wavefront_service_account_token", system: "Wavefront",
		body: `
  service_account = "` + tokenOwner + `"
  name            = "{text}"
  overlap         = "1h"
`,
		importID: tokenOwner + "/first", key: true,
	},
	{
		name: "instaclustr_user", typeName: "svcacct_instaclustr_service_user", system: "Instaclustr",
		body: `
  username     = "ci"
  email        = "ci@acme.example"
  display_name = "{text}"
  role         = "CLUSTER_ADMIN"
`,
		importID: "ci", kind: "service_user", stays: true,
	},
	{
		name: "instaclustr_key", typeName: "svcacct_instaclustr_service_user_api_key", system: "Instaclustr",
		body: `
  username        = "` + keyOwner + `"
  key_type        = "MONITORING"
  cidr_allow_list = ["{cidr}"]
`,
		importID: keyOwner + "/MONITORING", key: true, kind: "api_key",
	},
}

// addAccounts adds to a world what the resources need.
func addAccounts(w *world.World) {
	w.Instaclustr.AddServiceUser(instaclustrsim.ServiceUser{
		Username: keyOwner, Email: keyOwner + "@acme.example", Role: instaclustrsim.ClusterAdmin,
	})
}

// version is what differs between the configurations of a resource.
type version struct {
	updated  bool
	keeper   int
	importID string // of an import block; "": there is none
	timeout  string
	without  bool // the resource block is not there
	initial  bool // of a user: its first keys are revoked also after an import
}

// config returns a configuration. Ids are those of the world, as NAME=value.
func (r *resource) config(ids []string, v version) string {
	replacements := []string{"{text}", "first", "{cidr}", "198.51.100.0/24"}
	if v.updated {
		replacements = []string{"{text}", "second", "{cidr}", "203.0.113.0/24"}
	}
	for _, id := range ids {
		name, value, _ := strings.Cut(id, "=")
		replacements = append(replacements, "{"+name+"}", value)
	}
	fill := strings.NewReplacer(replacements...)
	var b strings.Builder
	fmt.Fprintf(&b, `terraform {
  required_providers {
    svcacct = { source = "svcacct/svcacct" }
  }
}

provider "svcacct" {
  http = { max_retries = 1, request_timeout = %q, max_wait = "2s" }
}
`, v.timeout)
	if v.importID != "" {
		fmt.Fprintf(&b, "\nimport {\n  to = %s\n  id = %q\n}\n", r.address(), fill.Replace(v.importID))
	}
	if !v.without {
		more := ""
		if r.key {
			more = fmt.Sprintf("  keepers = { release = \"%d\" }\n", v.keeper)
		}
		if v.initial {
			more += "  initial_api_keys = \"revoke\"\n"
		}
		fmt.Fprintf(&b, "\nresource %q \"it\" {%s%s}\n", r.typeName, fill.Replace(r.body), more)
	}
	return b.String()
}
