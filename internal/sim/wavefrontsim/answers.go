package wavefrontsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// record is a JSON object on its way to the wire.
type record = map[string]any

// problem is a refusal.
type problem struct {
	status  int
	message string
}

func refuse(status int, format string, args ...any) *problem {
	return &problem{status, fmt.Sprintf(format, args...)}
}

func badRequest(format string, args ...any) *problem {
	return refuse(http.StatusBadRequest, format, args...)
}

// answer has no response member, unlike that of a success.
func (p *problem) answer() simkit.Answer {
	return jsonAnswer(p.status, record{
		"status": record{"result": "ERROR", "message": p.message, "code": p.status},
	})
}

// wrapped is a success in the envelope. Warnings do not change the HTTP status: they show as code 202 and a message.
func wrapped(response any, warnings ...string) simkit.Answer {
	status := record{"result": "OK", "message": strings.Join(warnings, "; "), "code": http.StatusOK}
	if len(warnings) > 0 {
		status["code"] = http.StatusAccepted
	}
	body := record{"status": status}
	if response != nil {
		body["response"] = response
	}
	return jsonAnswer(http.StatusOK, body)
}

func jsonAnswer(status int, body any) simkit.Answer {
	return simkit.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: encode(body)}
}

// page is what the server in front says by itself.
func page(status int) simkit.Answer {
	header := http.Header{"Content-Type": {"text/html"}}
	return simkit.Answer{Status: status, Header: header, Body: []byte(pageText(status))}
}

func pageText(status int) string {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
}

func encode(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("wavefrontsim: " + err.Error())
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
