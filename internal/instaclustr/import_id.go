package instaclustr

import (
	"net/url"
	"strings"
)

// importID returns the import id that a user meant: without white space around it and, if it is the address
// of the object in the API or the path of this address, <username> or <username>/<KEY_TYPE>.
func importID(pasted string) string {
	id := strings.TrimSpace(pasted)
	address, err := url.Parse(id)
	if err != nil || address.Scheme != "https" && address.Scheme != "http" && !strings.HasPrefix(id, "/") {
		return id
	}
	_, path, found := strings.Cut(address.EscapedPath(), "/v1/service-users/")
	if !found {
		return id
	}
	parts := strings.Split(strings.TrimRight(path, "/"), "/")
	for i, part := range parts {
		if parts[i], err = url.PathUnescape(part); err != nil {
			return id
		}
	}
	switch {
	case len(parts) == 1:
		return parts[0]
	case len(parts) > 2 && parts[1] == "api-keys": // behind the type there may be an operation
		return keyID(parts[0], parts[2])
	}
	return id
}
