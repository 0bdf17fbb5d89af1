package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// errNotJSON says that a response is a page or another text. The text is not shown: it may be long, and
// its words are not those of the API.
var errNotJSON = errors.New("the response is not JSON: the server or a proxy failed, or the endpoint is not the " +
	"address of the API")

// decode reads the JSON of a response. Its errors are in the words of JSON, and name no type of Go.
func decode(body []byte, value any) error {
	body = bytes.Trim(body, " \t\r\n") // the white space of JSON, less than that of Unicode
	switch {
	case len(body) == 0:
		return errors.New("it is empty")
	case string(body) == "null":
		return errors.New("it is null")
	case !json.Valid(body) && (body[0] == '{' || body[0] == '['):
		return errors.New("it is malformed, or not complete")
	case !json.Valid(body):
		return errNotJSON
	}
	if err := checkShape(body); err != nil {
		return err
	}
	err := json.Unmarshal(body, value)
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	what := "it"
	if wrong.Field != "" {
		what = "the member " + wrong.Field
	}
	return fmt.Errorf("%s has the wrong type: expected %s", what, jsonType(wrong.Type))
}

// jsonType returns the JSON type that a Go type is read from, with an article.
func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return jsonType(t.Elem())
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	default:
		return "a number"
	}
}
