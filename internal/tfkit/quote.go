package tfkit

import "github.com/svcacct/terraform-provider-svcacct/internal/transport"

// Doing returns what an operation does, for Failure: its verb, and the object, in the plural for a list.
func Doing(verb, object string) string {
	if verb == "list" {
		object += "s"
	}
	return verb + " " + object
}

// Quote returns a text in quotation marks, for errors. Nothing in it is escaped. See transport.Printable.
func Quote(text string) string {
	const longest = 200
	return `"` + transport.Printable(text, longest) + `"`
}
