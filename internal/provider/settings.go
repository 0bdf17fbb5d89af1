package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

const defaultInstaclustrEndpoint = "https://api.instaclustr.com"

// setting is one value that a system needs.
type setting struct {
	name     string // in the system's block
	variable string // the environment variable that may give it instead
	fallback string // the value if neither gives one; empty: none
}

// system is one block of the provider and what it needs.
type system struct {
	block    string
	title    string
	settings []setting
}

var (
	waldurSystem = system{"waldur", "Waldur", []setting{
		{name: "endpoint", variable: "WALDUR_API_URL"},
		{name: "token", variable: "WALDUR_ACCESS_TOKEN"},
	}}
	wavefrontSystem = system{"wavefront", "Wavefront", []setting{
		{name: "endpoint", variable: "WAVEFRONT_ADDRESS"},
		{name: "token", variable: "WAVEFRONT_TOKEN"},
	}}
	instaclustrSystem = system{"instaclustr", "Instaclustr", []setting{
		{name: "endpoint", variable: "IC_API_URL", fallback: defaultInstaclustrEndpoint},
		{name: "username", variable: "IC_USERNAME"},
		{name: "api_key", variable: "IC_API_KEY"},
	}}
)

// resolved is what is known of a system's settings.
type resolved struct {
	values  map[string]string
	unknown error // which settings are known only after another resource is applied; nil if none
	missing error // which settings are given nowhere; nil if none
}

// resolve takes each setting from the block, or else from the environment, or else its fallback.
func (s system) resolve(block types.Object, getenv func(string) string) resolved {
	r := resolved{values: map[string]string{}}
	var unknown, missing []string
	for _, setting := range s.settings {
		attribute := s.block + "." + setting.name
		given, _ := block.Attributes()[setting.name].(types.String)
		here, outside := strings.TrimSpace(given.ValueString()), strings.TrimSpace(getenv(setting.variable)) // a file ends with a newline
		switch {
		case block.IsUnknown() || given.IsUnknown():
			unknown = append(unknown, attribute)
		case here != "":
			r.values[setting.name] = here
		case outside != "":
			r.values[setting.name] = outside
		case setting.fallback != "":
			r.values[setting.name] = setting.fallback
		default:
			missing = append(missing, fmt.Sprintf("%s (or the environment variable %s)", attribute, setting.variable))
		}
	}
	if len(unknown) > 0 {
		r.unknown = notKnownYet(s.title, unknown)
	}
	if len(missing) > 0 {
		r.missing = fmt.Errorf("%s is used, but not configured. Set in the provider block: %s", s.title, strings.Join(missing, ", "))
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
func (s system) variables() string {
	names := make([]string, len(s.settings))
	for i, setting := range s.settings {
		names[i] = setting.variable
	}
	return strings.Join(names, ", ")
}
