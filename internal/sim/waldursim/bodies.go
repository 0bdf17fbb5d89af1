package waldursim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// fields reads the body of a write. No body at all counts as an empty object,
// whatever its content type.
func (c *call) fields() (map[string]any, *answer) {
	if len(c.body) == 0 {
		return map[string]any{}, nil
	}
	contentType := c.request.Header.Get("Content-Type")
	kind, parameters, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "application/json":
		return jsonFields(c.body)
	case "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(c.body))
		if err != nil {
			return nil, badRequest(record{"detail": "Malformed request."})
		}
		return formFields(values), nil
	case "multipart/form-data":
		form, err := multipart.NewReader(bytes.NewReader(c.body), parameters["boundary"]).ReadForm(1 << 20)
		if err != nil {
			return nil, badRequest(record{"detail": "Multipart form parse error - " + err.Error()})
		}
		return formFields(form.Value), nil
	}
	a := refuse(http.StatusUnsupportedMediaType, fmt.Sprintf("Unsupported media type %q in request.", contentType))
	return nil, &a
}

func jsonFields(body []byte) (map[string]any, *answer) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	// Numbers become text in text fields, as they were written.
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	if err == nil {
		if _, end := decoder.Token(); end != io.EOF {
			err = fmt.Errorf("extra data after the first value")
		}
	}
	if err != nil {
		return nil, badRequest(record{"detail": "JSON parse error - " + err.Error()})
	}
	switch value := value.(type) {
	case map[string]any:
		return value, nil
	case nil:
		return nil, badRequest(record{"non_field_errors": []string{"No data provided"}})
	default:
		text := "Invalid data. Expected a dictionary, but got " + pythonType(value) + "."
		return nil, badRequest(record{"non_field_errors": []string{text}})
	}
}

func pythonType(value any) string {
	switch value := value.(type) {
	case []any:
		return "list"
	case map[string]any:
		return "dict"
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return "float"
		}
		return "int"
	}
	return "str"
}

func formFields(values url.Values) map[string]any {
	fields := map[string]any{}
	for name, list := range values {
		fields[name] = last(list)
	}
	return fields
}

func badRequest(body record) *answer {
	a := jsonAnswer(http.StatusBadRequest, body)
	return &a
}

// textField holds the rules for one text in a body.
type textField struct {
	name  string
	max   int // characters; 0 is no limit
	blank bool
	email bool
}

// emailForm is the server's idea of an address: no display name, a dotted domain
// or localhost.
var emailForm = regexp.MustCompile("(?i)^[-!#$%&'*+/=?^_`{}|~0-9a-z]+(\\.[-!#$%&'*+/=?^_`{}|~0-9a-z]+)*" +
	`@(([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,62}[a-z0-9]|localhost)$`)

// check gives the text to store, or what is wrong with the value.
func (f textField) check(value any) (text string, problems []string) {
	switch value := value.(type) {
	case nil:
		return "", []string{"This field may not be null."}
	case string:
		text = strings.TrimSpace(value)
	case json.Number:
		text = value.String()
	default:
		return "", []string{"Not a valid string."}
	}
	if text == "" {
		if !f.blank {
			problems = append(problems, "This field may not be blank.")
		}
		return "", problems
	}
	if f.max > 0 && utf8.RuneCountInString(text) > f.max {
		problems = append(problems, fmt.Sprintf("Ensure this field has no more than %d characters.", f.max))
	}
	if strings.ContainsRune(text, 0) {
		problems = append(problems, "Null characters are not allowed.")
	}
	if f.email && !emailForm.MatchString(text) {
		problems = append(problems, "Enter a valid email address.")
	}
	return text, problems
}
