package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// resolved is what is known of the settings of a system.
type resolved struct {
	values  tfkit.Values
	unknown error  // says which settings are not known before an apply; nil: none
	missing error  // says which settings have no value; nil: none; a tfkit.NotConfigured without a block
	origin  string // where the endpoint comes from, for errors
}

// resolve takes each setting from the block, otherwise from the environment, otherwise from its
// default.
func resolve(s tfkit.System, block types.Object, getenv func(string) string) resolved {
	r := resolved{values: tfkit.Values{}}
	var unknown, missing []string
	for _, setting := range s.Settings {
		attribute := s.Block + "." + setting.Name
		inBlock, _ := block.Attributes()[setting.Name].(types.String)
		value := strings.TrimSpace(inBlock.ValueString()) // the text of a file ends with a newline
		variable := strings.TrimSpace(getenv(setting.Variable))
		switch {
		case block.IsUnknown() || inBlock.IsUnknown():
			unknown = append(unknown, attribute)
		case value != "":
			r.set(setting, value, attribute+" in the provider block")
		case variable != "":
			r.set(setting, variable, "the environment variable "+setting.Variable)
		case setting.Default != "":
			r.set(setting, setting.Default, "the default of "+attribute)
		default:
			missing = append(missing, fmt.Sprintf("%s (or the environment variable %s)", attribute, setting.Variable))
		}
	}
	if len(unknown) > 0 {
		r.unknown = notKnownYet(s.Title, unknown)
	}
	if len(missing) > 0 {
		r.missing = fmt.Errorf("%s is used, but not configured. Set in the provider block: %s",
			s.Title, strings.Join(missing, ", "))
		if block.IsNull() {
			r.missing = tfkit.NotConfigured{Reason: r.missing}
		}
	}
	return r
}

func (r *resolved) set(setting tfkit.Setting, value, origin string) {
	r.values[setting.Name] = value
	if setting.Name == tfkit.EndpointName {
		r.origin = origin
	}
}

func notKnownYet(title string, attributes []string) error {
	return fmt.Errorf("%s can't be reached yet: %s in the provider block depends on a resource that has not been "+
		"applied. Apply that resource first, with -target, or give the value by a variable",
		title, strings.Join(attributes, ", "))
}

// unknownAttributes returns an error that names the unknown attributes of an object, or the object
// if all of it is unknown. It returns nil if everything is known.
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

// example returns an address of a system, for errors.
func example(s tfkit.System) string {
	isEndpoint := func(setting tfkit.Setting) bool { return setting.Name == tfkit.EndpointName }
	if i := slices.IndexFunc(s.Settings, isEndpoint); i >= 0 {
		return s.Settings[i].Example
	}
	return ""
}

// variables returns the environment variables of a system, for errors.
func variables(s tfkit.System) string {
	names := make([]string, len(s.Settings))
	for i, setting := range s.Settings {
		names[i] = setting.Variable
	}
	return strings.Join(names, ", ")
}
