package waldursim

import (
	"maps"
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const (
	textForbidden = "You do not have permission to perform this action."
	typeJSON      = "application/json; charset=utf-8"
)

// record is a JSON object of a response.
type record = map[string]any

func respond(status int, body any) *simkit.Response {
	r := simkit.JSON(status, body).With("Content-Type", typeJSON)
	return &r
}

// refuse is the form of every refusal that is not about a field. Detail is text, or any JSON of the
// account service.
func refuse(status int, detail any) *simkit.Response {
	return respond(status, record{"detail": detail})
}

func notAllowed(method string) *simkit.Response {
	return refuse(http.StatusMethodNotAllowed, `Method "`+method+`" not allowed.`)
}

// invalid is the form of a refusal that is about fields.
func invalid(problems record) *simkit.Response { return respond(http.StatusBadRequest, problems) }

func invalidOverall(text string) *simkit.Response {
	return invalid(record{"non_field_errors": []string{text}})
}

func page(status int, title string) *simkit.Response {
	text := "<!doctype html>\n<html lang=\"en\"><title>" + title + "</title><h1>" + title + "</h1></html>\n"
	return &simkit.Response{
		Status: status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: []byte(text),
	}
}

// serverFault is the response to an exception that the server does not catch.
func serverFault() *simkit.Response {
	return page(http.StatusInternalServerError, "Server Error (500)")
}

// complete adds the headers that the real server always sends. Servers of 2024 name no charset.
func (s *Sim) complete(r *simkit.Response) simkit.Response {
	header := http.Header{
		"Content-Language": {"en"},
		"Vary":             {"Accept, Accept-Language, Cookie, origin"},
		"X-Frame-Options":  {"DENY"},
	}
	maps.Copy(header, r.Header)
	if s.options.OldRobotAccounts && header.Get("Content-Type") == typeJSON {
		header.Set("Content-Type", "application/json")
	}
	return simkit.Response{Status: r.Status, Header: header, Body: r.Body}
}
