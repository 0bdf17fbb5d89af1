package exampletest

import (
	"strings"
	"testing"
)

// Each object is in an example: others do not belong there.
func TestObjects(t *testing.T) {
	var text strings.Builder
	for _, path := range files(t) {
		text.WriteString(created.ReplaceAllString(example(t, path), ""))
	}
	for _, o := range objects {
		if !o.named.MatchString(text.String()) {
			t.Errorf("no example says that %s exists", o.named)
		}
	}
}

func TestAdd(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want int // service accounts and users
	}{
		"nothing":             {"", 0},
		"what is created":     {"resource \"x\" \"y\" {\n  name = \"sa::ci\"\n  identity = {\n  }\n}\n", 0},
		"beside it":           {"resource \"x\" \"y\" {\n  a = 1\n}\nimport {\n  id = \"sa::ci/deploy\"\n}\n", 1},
		"of all systems":      {"sa::ci svc-legacy svc-pipeline ci_pipeline", 4},
		"twice the same text": {"sa::ci sa::ci", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := Start()
			defer s.Close()
			s.Add(test.text)
			got := len(s.Waldur.ServiceAccounts()) + len(s.Wavefront.Accounts()) + len(s.Instaclustr.ServiceUsers())
			if got != test.want || s.Requests() != 0 {
				t.Errorf("%d accounts, want %d; %d requests", got, test.want, s.Requests())
			}
		})
	}
}
