package main

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// option is one field of the options of a simulator.
type option struct {
	name  string // with the name of the system before it
	field reflect.Value
	// values are the texts that a text field can have besides its default.
	values []string
}

// options returns the options of all simulators, by their names. Fields that are neither text nor
// bool nor a duration, such as a clock, have no option.
func options(s *world.Settings) []option {
	all := slices.Concat(
		fields("waldur", &s.Waldur, waldursim.AllOptions()),
		fields("wavefront", &s.Wavefront, wavefrontsim.AllOptions()),
		fields("instaclustr", &s.Instaclustr, instaclustrsim.AllOptions()),
	)
	slices.SortFunc(all, func(a, b option) int { return strings.Compare(a.name, b.name) })
	return all
}

func fields[O any](system string, target *O, listed []simkit.Option[O]) (all []option) {
	values := map[string][]string{}
	for _, o := range listed {
		values[o.Name] = o.Values
	}
	structure := reflect.ValueOf(target).Elem()
	for i := range structure.NumField() {
		name, field := structure.Type().Field(i).Name, structure.Field(i)
		_, isTime := field.Interface().(time.Duration)
		if isTime || field.Kind() == reflect.Bool || field.Kind() == reflect.String {
			all = append(all, option{system + "." + name, field, values[name]})
		}
	}
	return all
}

// wants says which values an option has.
func (o option) wants() string {
	switch o.field.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return strings.Join(o.values, " or ")
	}
	return "a time such as 20ms"
}

// set reports whether the option has such a value.
func (o option) set(value string) bool {
	switch o.field.Kind() {
	case reflect.Bool:
		on, err := strconv.ParseBool(value)
		o.field.SetBool(on)
		return err == nil
	case reflect.String:
		o.field.SetString(value)
		return slices.Contains(o.values, value)
	}
	d, err := time.ParseDuration(value)
	o.field.SetInt(int64(d))
	return err == nil
}

// setOption sets an option that is given as name=value.
func setOption(s *world.Settings, text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("%q is not of the form name=value", text)
	}
	known := options(s)
	for _, o := range known {
		switch {
		case o.name != name:
		case o.set(value):
			return nil
		default:
			return fmt.Errorf("the value of %s is %s", o.name, o.wants())
		}
	}
	lines := []string{fmt.Sprintf("no option %q; the options are:", name)}
	for _, o := range known {
		lines = append(lines, "  "+o.name+": "+o.wants())
	}
	return fmt.Errorf("%s", strings.Join(lines, "\n"))
}
