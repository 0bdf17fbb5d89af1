package wavefront_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

func TestAccDataSources(t *testing.T) {
	w := simulator(t, wavefrontsim.Options{})
	p := newPlace(w)
	twin := w.Sim.AddUserGroup(wavefrontsim.UserGroup{Name: "ci"})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{
		Identifier: "sa::ci", Description: "builds", Permissions: []string{
			"ingestion",
		}, Roles: []string{p.role}, UserGroups: []string{p.group},
	})
	w.Sim.AddServiceAccount(wavefrontsim.ServiceAccount{Identifier: "sa::backup", Inactive: true})
	w.Sim.AddToken("sa::ci", "deploy")
	w.Sim.AddToken("sa::ci", "twin")
	w.Sim.AddToken("sa::ci", "twin")
	known := func(kind, attribute string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.svcacct_wavefront_"+kind+".test", tfjsonpath.New(attribute), value)
	}
	first := func(kind, list, attribute string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(
			"data.svcacct_wavefront_"+kind+".test", tfjsonpath.New(list).AtSliceIndex(0).AtMapKey(attribute), value,
		)
	}
	w.Run(t,
		resource.TestStep{
			Config: data("service_account", `identifier = "sa::ci"`),
			ConfigStateChecks: []statecheck.StateCheck{
				known(
					"service_account", "description", knownvalue.StringExact("builds"),
				), known("service_account", "permissions", texts("ingestion")),
				known("service_account", "roles", texts(p.role)), known(
					"service_account", "user_groups", texts(p.group, wavefrontsim.ServiceAccountsID),
				),
				known(
					"service_account", "united_permissions", texts("ingestion", "dashboard_management"),
				), known("service_account", "token_count", knownvalue.Int64Exact(3)),
				known("service_account", "last_used", knownvalue.Null()), known(
					"service_account", "active", knownvalue.Bool(true),
				),
			},
		},
		resource.TestStep{
			Config: data("service_account", `identifier = "sa::nobody"`), ExpectError: acctest.Words("sa::nobody"),
		},
		resource.TestStep{
			Config:      data("service_account", `identifier = "sa::CI"`),
			ExpectError: acctest.Words(`write "sa::ci" instead`),
		},
		resource.TestStep{
			Config: data("service_accounts", ""),
			ConfigStateChecks: []statecheck.StateCheck{
				known("service_accounts", "service_accounts", knownvalue.ListSizeExact(2)),
				first("service_accounts", "service_accounts", "identifier", knownvalue.StringExact("sa::backup")),
				first("service_accounts", "service_accounts", "active", knownvalue.Bool(false)),
			},
		},
		resource.TestStep{
			Config: data(
				"service_accounts",
				`search = [
    { key = "identifier", values = ["sa::c", "sa::x"], matching_method = "STARTSWITH" },
    { key = "description", values = ["nothing"], negated = true },
  ]`,
			),
			ConfigStateChecks: []statecheck.StateCheck{
				known("service_accounts", "service_accounts", knownvalue.ListSizeExact(1)),
				first("service_accounts", "service_accounts", "identifier", knownvalue.StringExact("sa::ci")),
			},
		},
		resource.TestStep{
			Config: data("service_accounts", `search = [{ key = "identifier", values = ["sa::none"] }]`),
			ConfigStateChecks: []statecheck.StateCheck{
				known("service_accounts", "service_accounts", knownvalue.ListSizeExact(0)),
			},
		},
		resource.TestStep{
			Config:      data("service_accounts", `search = [{ key = "identifier", values = [] }]`),
			ExpectError: acctest.Words("must contain at least 1"),
		},
		resource.TestStep{
			Config: data(
				"service_accounts", `search = [{ key = "identifier", values = ["x"], matching_method = "LIKE" }]`,
			),
			ExpectError: acctest.Words("value must be one of"),
		},
		resource.TestStep{
			Config: data("service_account_token", "service_account = \"sa::ci\"\n  name = \"deploy\""),
			ConfigStateChecks: []statecheck.StateCheck{
				known(
					"service_account_token", "account_type", knownvalue.StringExact("SERVICE_ACCOUNT"),
				), known("service_account_token", "date_generated", knownvalue.NotNull()),
				known("service_account_token", "last_used", knownvalue.Null()),
			},
		},
		resource.TestStep{
			Config: data(
				"service_account_token", "service_account = \"sa::ci\"\n  name = \"twin\"",
			), ExpectError: acctest.Words(`sa::ci has 2 tokens named "twin", generated at`),
		},
		resource.TestStep{
			Config: data("service_account_tokens", `service_account = "sa::ci"`),
			ConfigStateChecks: []statecheck.StateCheck{
				known("service_account_tokens", "tokens", knownvalue.ListSizeExact(3)), first(
					"service_account_tokens", "tokens", "name", knownvalue.StringExact("deploy"),
				),
			},
		},
		resource.TestStep{
			Config:      data("service_account_tokens", `service_account = "sa::nobody"`),
			ExpectError: acctest.Words("the service account does not exist"),
		},
		resource.TestStep{
			Config: data("role", `name = "reader"`),
			ConfigStateChecks: []statecheck.StateCheck{
				known("role", "id", knownvalue.StringExact(p.role)), known(
					"role", "permissions", texts("dashboard_management"),
				),
			},
		},
		resource.TestStep{
			Config:            data("role", fmt.Sprintf("id = %q", p.role)),
			ConfigStateChecks: []statecheck.StateCheck{known("role", "name", knownvalue.StringExact("reader"))},
		},
		resource.TestStep{
			Config:      data("role", `name = "read"`),
			ExpectError: acctest.Words(`the role named "read" was not found. Names are case-sensitive`),
		},
		resource.TestStep{Config: data("role", fmt.Sprintf("id = %q", unknown)), ExpectError: acctest.Words("404")},
		resource.TestStep{
			Config:      data("role", ""),
			ExpectError: acctest.Words("Exactly one of these attributes must be configured: [id,name]"),
		},
		resource.TestStep{
			Config: data("user_group", `name = "Service Accounts"`),
			ConfigStateChecks: []statecheck.StateCheck{
				known("user_group", "system", knownvalue.Bool(true)), known(
					"user_group", "user_count", knownvalue.Int64Exact(2),
				),
			},
		},
		resource.TestStep{
			Config: data("user_group", fmt.Sprintf("id = %q", p.group)),
			ConfigStateChecks: []statecheck.StateCheck{
				known("user_group", "system", knownvalue.Bool(false)), known("user_group", "roles", texts(p.other)),
			},
		},
		resource.TestStep{Config: data("user_group", `name = "ci"`), ExpectError: acctest.Words(twin)},
		resource.TestStep{Config: data("role", `name = "reader"`)},
	)
}
