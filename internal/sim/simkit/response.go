package simkit

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
)

// Response is what a simulator sends.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON returns a response with a body of the type application/json.
func JSON(status int, body any) Response {
	return Response{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: Encode(body)}
}

// With returns the response with one more header, or another value of it.
func (a Response) With(name, value string) Response {
	a.Header = maps.Clone(a.Header)
	if a.Header == nil {
		a.Header = http.Header{}
	}
	a.Header.Set(name, value)
	return a
}

func (a Response) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.Header)
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // the client may be gone
}

// Encode returns JSON text in which <, > and & stay as they are. It panics on a value that JSON
// cannot hold.
func Encode(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic("simulator: " + err.Error())
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// Object is a JSON object of a request. Its names are exact; a Go struct would match names in any case.
type Object map[string]json.RawMessage

// Has reports whether the object has a member that is not null.
func (o Object) Has(name string) bool {
	raw, ok := o[name]
	return ok && string(raw) != "null"
}

// Member decodes a member of an object. It returns the zero value and no error for a member that is
// missing or null, and an error for a value of another type than T.
func Member[T any](o Object, name string) (value T, err error) {
	if o.Has(name) {
		err = json.Unmarshal(o[name], &value)
	}
	return value, err
}
