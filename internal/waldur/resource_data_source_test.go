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

func TestAccResourceDataSource(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	project := w.Sim.AddProject(waldursim.Project{Name: "Another", Customer: w.Customer})
	add := func(name, state, project string) string {
		return w.Sim.AddResource(waldursim.Resource{Name: name, State: state, Project: project, Provider: w.Provider,
			OfferingName: "Storage"})
	}
	twin, _ := add("twin", "OK", w.Project), add("twin", "OK", project)
	alive := add("reborn", "OK", w.Project)
	dead := add("reborn", "Terminated", w.Project)
	const typeName, address = "svcacct_waldur_resource", "data.svcacct_waldur_resource.test"
	is := func(uuid string) []statecheck.StateCheck {
		return []statecheck.StateCheck{expect(address, tfjsonpath.New("uuid"), knownvalue.StringExact(uuid))}
	}
	w.Run(t,
		resource.TestStep{Config: dataSource(typeName, `name = "hpc-allocation-7"`), ConfigStateChecks: is(w.Resource)},
		resource.TestStep{Config: dataSource(typeName, `name = "hpc-allocation-7"`, `view = "consumer"`),
			ConfigStateChecks: is(w.Resource)},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", w.Resource)),
			ConfigStateChecks: is(w.Resource)},
		resource.TestStep{Config: dataSource(typeName, `name = "twin"`),
			ExpectError: acctest.Words(`choose by uuid: ` + twin)},
		resource.TestStep{Config: dataSource(typeName, `name = "twin"`,
			fmt.Sprintf("project_uuid = %q", hyphenated(w.Project))), ConfigStateChecks: is(twin)},
		resource.TestStep{Config: dataSource(typeName, `name = "reborn"`), ConfigStateChecks: is(alive)},
		resource.TestStep{Config: dataSource(typeName, `name = "reborn"`, `states = ["Terminated"]`),
			ConfigStateChecks: is(dead)},
		resource.TestStep{Config: dataSource(typeName, `name = "nothing"`),
			ExpectError: acctest.Words(`resource named "nothing" was not found`)},
		resource.TestStep{Config: dataSource(typeName, fmt.Sprintf("uuid = %q", w.Resource), `states = ["OK"]`),
			ExpectError: acctest.Words("cannot be configured together")},
		resource.TestStep{Config: dataSource(typeName, `name = "reborn"`, `states = [null]`),
			ExpectError: acctest.Words("contains a null value")},
		resource.TestStep{Config: dataSource(typeName, `name = "x"`, `view = "inside"`),
			ExpectError: acctest.Words("Attribute view value must be one of")},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}

// A token of one side that looks in the view of the other side learns which view has the resource.
func TestAccResourceDataSource_otherView(t *testing.T) {
	w := robotServer(t, waldursim.Options{})
	const typeName, byName = "svcacct_waldur_resource", `name = "hpc-allocation-7"`
	byUUID := fmt.Sprintf("uuid = %q", w.Resource)
	consumer, provider := consumerOnly(w), providerOnly(w)
	step := func(side *acctest.Server, want string, attributes ...string) resource.TestStep {
		config := side.Config(dataSource(typeName, attributes...))
		return resource.TestStep{Config: config, ExpectError: acctest.Words(want)}
	}
	const used, provided = `It is visible with view = "consumer".`, `It is visible with view = "provider".`
	w.Run(t,
		step(consumer, used, byName),
		step(consumer, used, byUUID),
		step(provider, provided, byName, `view = "consumer"`),
		step(provider, provided, byUUID, `view = "consumer"`),
		step(provider, `It is not visible with view = "consumer" either.`, `name = "nothing"`),
		// A provider's token has no project to filter by.
		resource.TestStep{
			Config:      provider.Config(dataSource("svcacct_waldur_project", `name = "Climate models"`)),
			ExpectError: acctest.Words("The provider of a resource does not see the customer and the project"),
		},
		resource.TestStep{
			Config:      provider.Config(dataSource("svcacct_waldur_customer", fmt.Sprintf("uuid = %q", w.Customer))),
			ExpectError: acctest.Words("The provider of a resource does not see the customer and the project"),
		},
		resource.TestStep{Config: "# what is left must be valid"},
	)
}
