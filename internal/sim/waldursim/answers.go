package waldursim

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const (
	textForbidden = "You do not have permission to perform this action."
	textNotFound  = "Not found."
	typeJSON      = "application/json; charset=utf-8"
)

// record is a JSON object on its way to the wire.
type record = map[string]any

// answer is what a handler decided, written after the lock is released.
type answer struct {
	status int
	body   any    // sent as JSON when set
	html   string // sent as it is otherwise
	header http.Header
}

func jsonAnswer(status int, body any) answer { return answer{status: status, body: body} }

// refuse is the form of every refusal that is not about a field. Detail is text,
// or any JSON that the account service said.
func refuse(status int, detail any) answer { return jsonAnswer(status, record{"detail": detail}) }

func htmlAnswer(status int, title string) answer {
	page := ""
	if title != "" {
		page = "<!doctype html>\n<html lang=\"en\"><head><title>" + title + "</title></head>" +
			"<body><h1>" + title + "</h1></body></html>\n"
	}
	return answer{status: status, html: page}
}

// serverFault is what an exception that nobody catches looks like from outside.
func serverFault() answer {
	return htmlAnswer(http.StatusInternalServerError, "Server Error (500)")
}

func (a answer) with(key, value string) answer {
	header := a.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set(key, value)
	a.header = header
	return a
}

// wire is the answer with the headers that the real server sends.
func (a answer) wire() simkit.Answer {
	h := http.Header{
		"Content-Language": {"en"},
		"Vary":             {"Accept, Accept-Language, Cookie, origin"},
		"X-Frame-Options":  {"DENY"},
	}
	text := []byte(a.html)
	if a.body != nil {
		h.Set("Content-Type", typeJSON)
		text = encode(a.body)
	} else if a.status != http.StatusNoContent {
		h.Set("Content-Type", "text/html; charset=utf-8")
	}
	maps.Copy(h, a.header)
	return simkit.Answer{Status: a.status, Header: h, Body: text}
}

func encode(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("waldursim: " + err.Error())
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
