package waldursim

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// fields reads the body of a write. No body at all is an empty object, whatever its content type.
func (c *call) fields() (fields map[string]any, problem *simkit.Response) {
	if len(c.body) == 0 {
		return nil, nil
	}
	sent := c.request.Header.Get("Content-Type")
	if kind, _, _ := mime.ParseMediaType(sent); kind != "application/json" {
		return nil, refuse(http.StatusUnsupportedMediaType, fmt.Sprintf("Unsupported media type %q in request.", sent))
	}
	var body any
	if err := json.Unmarshal(c.body, &body); err != nil {
		return nil, refuse(http.StatusBadRequest, "JSON parse error - "+err.Error())
	}
	fields, ok := body.(map[string]any)
	if !ok {
		return nil, invalidOverall("Invalid data. Expected a dictionary, but got " + pythonType(body) + ".")
	}
	return fields, nil
}

// pythonType is the name of a value's type in error texts.
func pythonType(value any) string {
	return map[string]string{
		"string": "str", "float64": "int", "bool": "bool", "<nil>": "NoneType",
		"[]interface {}": "list", "map[string]interface {}": "dict",
	}[fmt.Sprintf("%T", value)]
}

const (
	textRequired = "This field is required."
	textNull     = "This field may not be null."
)

// textField holds the rules for one text in a body.
type textField struct {
	name  string
	max   int // characters; 0 is no limit
	blank bool
	email bool
}

var emailForm = regexp.MustCompile(`^[^@\s<>]+@([a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+$`)

// check returns the text to store, without white space around it, or what is wrong with the value.
// Numbers become text.
func (f textField) check(value any) (text string, problems []string) {
	switch value := value.(type) {
	case nil:
		return "", []string{textNull}
	case string:
		text = strings.TrimSpace(value)
	case float64:
		text = strconv.FormatFloat(value, 'f', -1, 64)
	default:
		return "", []string{"Not a valid string."}
	}
	if text == "" && f.blank {
		return "", nil
	}
	if text == "" {
		return "", []string{"This field may not be blank."}
	}
	if f.max > 0 && utf8.RuneCountInString(text) > f.max {
		problems = append(problems, fmt.Sprintf("Ensure this field has no more than %d characters.", f.max))
	}
	if f.email && (len(text) > 320 || !emailForm.MatchString(text)) {
		problems = append(problems, "Enter a valid email address.")
	}
	return text, problems
}

// readTexts sets the texts that a body has and collects what is wrong with them.
func readTexts(fields map[string]any, rules []textField, targets map[string]*string, problems record) {
	for _, rule := range rules {
		value, sent := fields[rule.name]
		if !sent {
			continue
		}
		text, faults := rule.check(value)
		if faults != nil {
			problems[rule.name] = faults
		}
		*targets[rule.name] = text
	}
}
