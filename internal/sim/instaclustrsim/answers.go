package instaclustrsim

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// record is a JSON object on its way to the wire.
type record = map[string]any

func jsonAnswer(status int, body any) simkit.Answer {
	return simkit.Answer{
		Status: status,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   encode(body),
	}
}

func encode(body any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		panic("instaclustrsim: " + err.Error())
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// emptyAnswer has no body, as the answers of operations that document none.
func emptyAnswer(status int) simkit.Answer {
	a := simkit.Answer{Status: status, Header: http.Header{}}
	if status != http.StatusNoContent {
		a.Header.Set("Content-Length", "0")
	}
	return a
}

// unauthorized has no body: sibling endpoints document none.
func unauthorized() simkit.Answer {
	a := emptyAnswer(http.StatusUnauthorized)
	a.Header.Set("WWW-Authenticate", `Basic realm="Instaclustr"`)
	return a
}

func forbidden(message string) simkit.Answer {
	return jsonAnswer(http.StatusForbidden, record{"message": message})
}

func notFound() simkit.Answer { return failure(http.StatusNotFound, "Resource not found") }

func failure(status int, message string) simkit.Answer {
	return jsonAnswer(status, record{"status": status, "message": message})
}

// invalid is the flat map from a name to a message that the documentation shows for 400.
func invalid(name, message string) simkit.Answer {
	return jsonAnswer(http.StatusBadRequest, map[string]string{name: message})
}

// refuse is the answer of a check that did not pass.
func refuse(a simkit.Answer) *simkit.Answer { return &a }
