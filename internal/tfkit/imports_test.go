package tfkit

import "testing"

func TestImports(t *testing.T) {
	for name, test := range map[string]struct {
		env          map[string]string
		key          string
		given, store bool
	}{
		"nothing":              {nil, "", false, true},
		"a key":                {map[string]string{ImportKeyVariable: "key-1"}, "key-1", true, true},
		"a line of a file":     {map[string]string{ImportKeyVariable: " key-1\n"}, "key-1", true, true},
		"empty":                {map[string]string{ImportKeyVariable: " "}, "", false, true},
		"not to be stored":     {map[string]string{ImportStoreVariable: "False"}, "", false, false},
		"to be stored":         {map[string]string{ImportStoreVariable: "true"}, "", false, true},
		"something else, kept": {map[string]string{ImportStoreVariable: "0"}, "", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			i := NewImports(func(name string) string { return test.env[name] })
			key, given := i.Key()
			if key.Reveal() != test.key || given != test.given || i.Stores() != test.store {
				t.Errorf("key given: %t, stores: %t", given, i.Stores())
			}
			if !i.Take() || i.Take() {
				t.Error("the key is not for one import")
			}
		})
	}
}
