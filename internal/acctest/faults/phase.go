package faults

// phase is a command of the CLI on a state.
type phase struct {
	name string
	// created reports whether the object exists before the phase, and known whether state has it.
	created, known bool
	// version is the configuration.
	version version
	args    []string
	// fits reports whether a resource has the phase; nil: all have it.
	fits func(*resource) bool
	// gone reports whether the object is gone after the phase.
	gone bool
}

var apply = []string{"apply", "-auto-approve", "-no-color", "-input=false"}

var phases = []*phase{
	{name: "create", args: apply},
	{name: "refresh", created: true, known: true, args: append([]string{"apply", "-refresh-only"}, apply[1:]...)},
	{name: "update", created: true, known: true, version: version{updated: true}, args: apply},
	{
		name: "rotate", created: true, known: true, version: version{keeper: 1}, args: apply,
		fits: func(r *resource) bool { return r.key },
	},
	{name: "import", created: true, version: version{importID: "of the resource"}, args: apply},
	{
		name: "destroy", created: true, known: true, gone: true,
		args: append([]string{"apply", "-destroy"}, apply[1:]...),
	},
}
