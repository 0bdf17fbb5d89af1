package wavefrontsim

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// record is a JSON object of a response.
type record = map[string]any

// refuse returns a refusal: the envelope without a response member.
func refuse(status int, format string, args ...any) *simkit.Response {
	return new(simkit.JSON(status, record{
		"status": record{"result": "ERROR", "message": fmt.Sprintf(format, args...), "code": status},
	}))
}

func badRequest(format string, args ...any) *simkit.Response {
	return refuse(http.StatusBadRequest, format, args...)
}

// wrapped is a success in the envelope. Warnings do not change the HTTP status: they show as code
// 202 and a message.
func wrapped(response any, warnings ...string) simkit.Response {
	status := record{"result": "OK", "message": strings.Join(warnings, "; "), "code": http.StatusOK}
	if len(warnings) > 0 {
		status["code"] = http.StatusAccepted
	}
	body := record{"status": status}
	if response != nil {
		body["response"] = response
	}
	return simkit.JSON(http.StatusOK, body)
}

// htmlPage is what the server in front of the application returns by itself.
func htmlPage(status int) simkit.Response {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	text := "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\n"
	return simkit.Response{Status: status, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(text)}
}
