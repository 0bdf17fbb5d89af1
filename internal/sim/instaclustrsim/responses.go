package instaclustrsim

import (
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// record is a JSON object of a response.
type record = map[string]any

// emptyResponse has no body, as the responses of operations that document none.
func emptyResponse(status int) simkit.Response {
	if status == http.StatusNoContent {
		return simkit.Response{Status: status}
	}
	return simkit.Response{Status: status}.With("Content-Length", "0")
}

func failure(status int, message string) simkit.Response {
	return simkit.JSON(status, record{"status": status, "message": message})
}

// The functions below return refusals.

// unauthorized has no body: sibling endpoints document none.
func unauthorized() *simkit.Response {
	return new(emptyResponse(http.StatusUnauthorized).With("WWW-Authenticate", `Basic realm="Instaclustr"`))
}

func forbidden(message string) *simkit.Response {
	return new(simkit.JSON(http.StatusForbidden, record{"message": message}))
}

func notFound() *simkit.Response {
	return new(failure(http.StatusNotFound, "Resource not found"))
}

// invalid is the flat map from a name to a message that the documentation shows for 400.
func invalid(name, message string) *simkit.Response {
	return new(simkit.JSON(http.StatusBadRequest, map[string]string{name: message}))
}
