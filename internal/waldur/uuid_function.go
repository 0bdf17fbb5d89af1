package waldur

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

var uuidFunction = tfkit.TextFunction{
	Name: "waldur_uuid", Summary: "The UUID of a Waldur object in the spelling of Waldur",
	Description: "Returns a UUID as Waldur writes it, and as the `id` of the resources has it: 32 hexadecimal digits " +
		"in lower case, without hyphens. The argument is a UUID in any spelling, or a URL that holds one UUID, such " +
		"as the address of an object in the API or of its page in the portal. Every other text is an error.",
	Parameter: "uuid_or_url", About: "UUID or URL of an object.",
	Call: uuidOf,
}

// uuidOf returns the canonical UUID in a text: the text itself, or the only UUID in the path of a URL.
func uuidOf(text string) (string, error) {
	trimmed := strings.TrimSpace(text)
	if uuid := tfkit.CanonicalUUID(trimmed); uuid != "" {
		return uuid, nil
	}
	var found []string
	if u, err := url.Parse(trimmed); err == nil && (u.Host != "" || strings.HasPrefix(trimmed, "/")) {
		for part := range strings.SplitSeq(u.Path, "/") {
			if uuid := tfkit.CanonicalUUID(part); uuid != "" {
				found = append(found, uuid)
			}
		}
		found = tfkit.Distinct(found)
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("must be a UUID, with or without hyphens, or a URL that holds a UUID; got %s",
			tfkit.Quote(text))
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("must be a URL that holds one UUID; got %d different UUIDs: %s", len(found),
		strings.Join(found, ", "))
}
