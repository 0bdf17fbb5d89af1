package faults

import (
	"slices"
	"testing"
)

func TestAdviceIn(t *testing.T) {
	for name, test := range map[string]struct {
		output string
		want   []advice
	}{
		"nothing": {"No changes. Your infrastructure matches the configuration.", nil},
		"an import block in a frame": {
			"│ To manage an object that is in no state, import it:\n│ \n│   import {\n│     to = x_key.NAME\n" +
				"│     id = \"owner/MONITORING\"\n│   }\n",
			[]advice{{doImport, "owner/MONITORING"}},
		},
		"a keeper, over two lines": {
			"To get a key that is known, apply with\nkeepers, then change one of them: that rotates the key.",
			[]advice{{do: doRotate}},
		},
		"keepers and a change in two sentences": {"It has keepers. Nothing changes.", nil},
		"several": {
			"Revoke the token that nobody uses, and run again. Or run terraform untaint, or \"terraform state rm\".",
			[]advice{{do: doUntaint}, {do: doForget}, {do: doRevoke}, {do: doRunAgain}},
		},
		"the first keys of a user": {
			"To revoke them, set\ninitial_api_keys = \"revoke\" in the configuration.", []advice{{do: doInitial}},
		},
		"OpenTofu": {"run tofu untaint", []advice{{do: doUntaint}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := adviceIn(test.output); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
