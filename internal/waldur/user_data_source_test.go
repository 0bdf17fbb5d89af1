package waldur_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAccUserDataSource(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	double, _ := w.Sim.AddUser(waldursim.User{
		Username: "ada.two", FullName: "Ada Kask", Email: "ada.kask@acme.example",
	})
	longer, _ := w.Sim.AddUser(waldursim.User{
		Username: "bo.two", FullName: "Bo Tamm", Email: "not-bo.tamm@acme.example",
	})
	w.Sim.Grant(double, waldursim.CustomerReader, w.Customer)
	w.Sim.Grant(longer, waldursim.ProjectMember, w.Project)
	const typeName, address = "svcacct_waldur_user", "data.svcacct_waldur_user.test"
	is := func(uuid string) []statecheck.StateCheck {
		return []statecheck.StateCheck{expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(uuid)),
			expect(address, tfjsonpath.New("is_active"), knownvalue.Null())} // the token's user is no staff
	}
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, `username = "ada.kask"`), ConfigStateChecks: is(w.Ada)},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", w.Bo)), ConfigStateChecks: is(w.Bo)},
		resource.TestStep{Config: dataSource(typeName, `email = "Bo.Tamm@acme.example"`), ConfigStateChecks: is(w.Bo)},
		resource.TestStep{Config: dataSource(typeName, `email = "ada.kask@acme.example"`),
			ExpectError: acctest.Words(`there is more than one user with the e-mail address "ada.kask@acme.example"`)},
		resource.TestStep{Config: dataSource(typeName, `email = "ada.kask@acme.example"`,
			fmt.Sprintf("project_uuid = %q", w.Project)), ConfigStateChecks: is(w.Ada)},
		resource.TestStep{Config: dataSource(typeName, `username = "nobody"`),
			ExpectError: acctest.Words(`the user with username "nobody" was not found`)},
		resource.TestStep{Config: dataSource(typeName, `username = "ada.two"`,
			fmt.Sprintf("project_uuid = %q", w.Project)), ExpectError: acctest.Words("The user may belong to another " +
			"project or customer: name that, or leave project_uuid and customer_uuid out.")},
		resource.TestStep{Config: dataSource(typeName, `username = "ada.kask"`, `email = "x"`),
			ExpectError: acctest.Words("Invalid Attribute Combination")},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}

// Waldur returns to staff and support alone whether a user is active.
func TestAccUserDataSource_active(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	w.Sim.AddUser(waldursim.User{Username: "gone", Inactive: true})
	_, token := w.Sim.AddUser(waldursim.User{Username: "support", Support: true})
	support := w.With("token", token)
	const typeName, address = "svcacct_waldur_user", "data.svcacct_waldur_user.test"
	user := func(username string, active bool) resource.TestStep {
		return resource.TestStep{
			Config: support.Config(dataSource(typeName, fmt.Sprintf("username = %q", username))),
			ConfigStateChecks: []statecheck.StateCheck{
				expect(address, tfjsonpath.New("is_active"), knownvalue.Bool(active)),
			},
		}
	}
	w.Run(t, user("ada.kask", true), user("gone", false))
}
