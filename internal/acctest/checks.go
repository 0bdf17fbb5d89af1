package acctest

import (
	"context"
	"fmt"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// Attribute reads an attribute of a resource from the state.
func Attribute(state *terraform.State, address, name string) (string, error) {
	r, ok := state.RootModule().Resources[address]
	if !ok {
		return "", fmt.Errorf("%s is not in state", address)
	}
	return r.Primary.Attributes[name], nil
}

// Remember stores an attribute for a later step.
func Remember(address, name string, into *string) resource.TestCheckFunc {
	return func(state *terraform.State) (err error) {
		*into, err = Attribute(state, address, name)
		return err
	}
}

// Unchanged checks that an attribute is what Remember stored.
func Unchanged(address, name string, value *string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		got, err := Attribute(state, address, name)
		if err == nil && got != *value {
			err = fmt.Errorf("%s.%s has changed", address, name)
		}
		return err
	}
}

// Planned checks what the plan of a step does with a resource.
func Planned(
	address string, action plancheck.ResourceActionType, more ...plancheck.PlanCheck,
) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: append([]plancheck.PlanCheck{plancheck.ExpectResourceAction(address,
		action)}, more...)}
}

// During is a plan check that checks nothing: it runs a function between a plan and its apply.
type During func()

// CheckPlan implements plancheck.PlanCheck.
func (d During) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	d()
}

// KnownAfter checks that a plan knows attributes, so that values that depend on them do not change.
func KnownAfter(address string, attributes ...string) plancheck.PlanCheck {
	return planCheckFunc(func(change *tfjson.Change) error {
		unknown, _ := change.AfterUnknown.(map[string]any)
		for _, attribute := range attributes {
			if unknown[attribute] == true {
				return fmt.Errorf("%s.%s is unknown in the plan", address, attribute)
			}
		}
		return nil
	}).of(address)
}

// UnknownAfter checks that a plan leaves exactly these attributes unknown.
func UnknownAfter(address string, attributes ...string) plancheck.PlanCheck {
	return planCheckFunc(func(change *tfjson.Change) error {
		unknown, _ := change.AfterUnknown.(map[string]any)
		var got []string
		for attribute, is := range unknown {
			if is == true {
				got = append(got, attribute)
			}
		}
		slices.Sort(got)
		slices.Sort(attributes)
		if !slices.Equal(got, attributes) {
			return fmt.Errorf("the plan of %s leaves %v unknown, want %v", address, got, attributes)
		}
		return nil
	}).of(address)
}

type planCheckFunc func(*tfjson.Change) error

func (f planCheckFunc) of(address string) plancheck.PlanCheck { return addressedCheck{address, f} }

type addressedCheck struct {
	address string
	check   planCheckFunc
}

func (c addressedCheck) CheckPlan(
	_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse,
) {
	for _, r := range req.Plan.ResourceChanges {
		if r.Address == c.address {
			resp.Error = c.check(r.Change)
			return
		}
	}
	resp.Error = fmt.Errorf("%s is not in the plan", c.address)
}
