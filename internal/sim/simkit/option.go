package simkit

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
