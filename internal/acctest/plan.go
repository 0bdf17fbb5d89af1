package acctest

import (
	"encoding/json"
	"strings"
	"testing"
)

// PlanIn finds the plan among the lines of the log.
func PlanIn(t *testing.T, output string) string {
	t.Helper()
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, `{"format_version"`) {
			return line
		}
	}
	t.Fatal("the output holds no plan")
	return ""
}

// WithoutSensitive returns a plan without the values that it marks as sensitive.
func WithoutSensitive(t *testing.T, plan string) string {
	t.Helper()
	var all any
	if err := json.Unmarshal([]byte(plan), &all); err != nil {
		t.Fatal(err)
	}
	masked := 0
	walk(all, func(object map[string]any) {
		for _, name := range []string{"values", "before", "after"} {
			mask := object[name+"_sensitive"]
			if name == "values" {
				mask = object["sensitive_values"]
			}
			masked += hide(object[name], mask)
		}
	})
	if masked < 2 {
		t.Errorf("%d sensitive values in the plan, want at least the token before, and in the prior state", masked)
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func walk(value any, visit func(map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		visit(value)
		for _, member := range value {
			walk(member, visit)
		}
	case []any:
		for _, element := range value {
			walk(element, visit)
		}
	}
}

// hide removes the values that a mask marks, and returns their number.
func hide(value, mask any) (hidden int) {
	object, isObject := value.(map[string]any)
	marks, isMask := mask.(map[string]any)
	if !isObject || !isMask {
		return 0
	}
	for name, mark := range marks {
		if mark == true && object[name] != nil {
			object[name] = "(sensitive)"
			hidden++
		}
	}
	return hidden
}
