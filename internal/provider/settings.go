package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// resolved is what is known of a system's settings.
type resolved struct {
	values  tfkit.Values
	unknown error // which settings are known only after another resource is applied; nil if none
	missing error // which settings are given nowhere; nil if none
}

// resolve takes each setting from the block, or else from the environment, or else its default.
func resolve(s tfkit.System, block types.Object, getenv func(string) string) resolved {
	r := resolved{values: tfkit.Values{}}
	var unknown, missing []string
	for _, setting := range s.Settings {
		attribute := s.Block + "." + setting.Name
		given, _ := block.Attributes()[setting.Name].(types.String)
		here, outside := strings.TrimSpace(given.ValueString()), strings.TrimSpace(getenv(setting.Variable)) // a file ends with a newline
		switch {
		case block.IsUnknown() || given.IsUnknown():
			unknown = append(unknown, attribute)
		case here != "":
			r.values[setting.Name] = here
		case outside != "":
			r.values[setting.Name] = outside
		case setting.Default != "":
			r.values[setting.Name] = setting.Default
		default:
			missing = append(missing, fmt.Sprintf("%s (or the environment variable %s)", attribute, setting.Variable))
		}
	}
	if len(unknown) > 0 {
		r.unknown = notKnownYet(s.Title, unknown)
	}
	if len(missing) > 0 {
		r.missing = fmt.Errorf("%s is used, but not configured. Set in the provider block: %s", s.Title, strings.Join(missing, ", "))
	}
	return r
}

func notKnownYet(title string, attributes []string) error {
	return fmt.Errorf("%s can't be reached yet: %s in the provider block depends on a resource that has not been applied. "+
		"Apply that resource first, with -target, or give the value by a variable", title, strings.Join(attributes, ", "))
}

// unknownAttributes names the attributes of an object that are unknown, and those all if the object is.
func unknownAttributes(name string, object types.Object) error {
	var unknown []string
	for attribute, value := range object.Attributes() {
		if value.IsUnknown() {
			unknown = append(unknown, name+"."+attribute)
		}
	}
	slices.Sort(unknown)
	if object.IsUnknown() {
		unknown = []string{name}
	}
	if len(unknown) == 0 {
		return nil
	}
	return notKnownYet("The system", unknown)
}

// variables names the environment variables of a system.
func variables(s tfkit.System) string {
	names := make([]string, len(s.Settings))
	for i, setting := range s.Settings {
		names[i] = setting.Variable
	}
	return strings.Join(names, ", ")
}
