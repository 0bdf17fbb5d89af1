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
	invalid error  // says which settings exclude each other; nil: none
	origin  string // where the endpoint comes from, for errors
	file    string // the path of the file with the credential; "": the credential is in the values
}

// resolve takes each setting from the block, otherwise from the environment, otherwise from its
// default. Either of both may name a file with the credential instead.
func resolve(s tfkit.System, block types.Object, getenv func(string) string) resolved {
	r := resolved{values: tfkit.Values{}}
	var unknown, missing []string
	for _, setting := range s.Settings {
		if name := unknownSetting(setting, block); name != "" {
			unknown = append(unknown, s.Block+"."+name)
		} else if !r.find(setting, s.Block, block, getenv) {
			missing = append(missing, setting.Missing(s.Block))
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

// unknownSetting returns the name of the unknown attribute that gives a setting its value, "" if it is known.
func unknownSetting(s tfkit.Setting, block types.Object) string {
	if block.IsUnknown() || inBlock(block, s.Name).IsUnknown() {
		return s.Name
	}
	if s.InFile && inBlock(block, s.FileName()).IsUnknown() {
		return s.FileName()
	}
	return ""
}

// inBlock returns an attribute of a block; null if the block does not have it.
func inBlock(block types.Object, name string) types.String {
	value, _ := block.Attributes()[name].(types.String)
	return value
}

// find takes a setting from the block, the environment or its default. It returns false if all of them are
// empty.
func (r *resolved) find(s tfkit.Setting, blockName string, block types.Object, getenv func(string) string) bool {
	own := blockName + "." + s.Name
	value := strings.TrimSpace(inBlock(block, s.Name).ValueString()) // the text of a file ends with a newline
	variable := strings.TrimSpace(getenv(s.Variable))
	file, fileVariable := "", ""
	if s.InFile {
		file = strings.TrimSpace(inBlock(block, s.FileName()).ValueString())
		fileVariable = strings.TrimSpace(getenv(s.FileVariable()))
	}
	switch {
	case value != "":
		r.set(s, value, own+" in the provider block")
	case file != "":
		r.file = file
	case variable != "" && fileVariable != "":
		r.invalid = fmt.Errorf("the environment variables %s and %s exclude each other, and both are set", s.Variable,
			s.FileVariable())
	case variable != "":
		r.set(s, variable, "the environment variable "+s.Variable)
	case fileVariable != "":
		r.file = fileVariable
	case s.Default != "":
		r.set(s, s.Default, "the default of "+own)
	default:
		return false
	}
	return true
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
	var names []string
	for _, setting := range s.Settings {
		names = append(names, setting.Variable)
		if setting.InFile {
			names = append(names, setting.FileVariable())
		}
	}
	return strings.Join(names, ", ")
}
