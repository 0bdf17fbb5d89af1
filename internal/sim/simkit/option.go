package simkit

import "strings"

// Option is one field of the options O of a simulator, with the values that it can have besides its
// default. A simulator lists its options, so that a test can run under each value of each option.
type Option[O any] struct {
	// Name is the name of the field.
	Name   string
	Values []string
	// Set sets the field to one of Values.
	Set func(options *O, value string)
}

// Flag is an option that is off or on.
func Flag[O any](name string, field func(*O) *bool) Option[O] {
	return Option[O]{name, []string{"true"}, func(o *O, _ string) { *field(o) = true }}
}

// Choice is an option with a text type of its own.
func Choice[O any, V ~string](name string, field func(*O) *V, values ...V) Option[O] {
	option := Option[O]{Name: name, Set: func(o *O, value string) { *field(o) = V(value) }}
	for _, value := range values {
		option.Values = append(option.Values, string(value))
	}
	return option
}

// Combine returns options in which each value of each option occurs once or more, several options set in
// each: so many options (the number together) next to each other, the first of each to their first values,
// the second to their second values. The names name what is set. A server with many options can be tested so
// in a few runs.
func Combine[O any](all []Option[O], together int) map[string]O {
	combined := map[string]O{}
	for start := 0; start < len(all); start += together {
		group := all[start:min(start+together, len(all))]
		for i, more := 0, true; more; i++ {
			var options O
			var names []string
			more = false
			for _, option := range group {
				value := option.Values[min(i, len(option.Values)-1)]
				option.Set(&options, value)
				names = append(names, option.Name+"="+value)
				more = more || i+1 < len(option.Values)
			}
			combined[strings.Join(names, " ")] = options
		}
	}
	return combined
}
