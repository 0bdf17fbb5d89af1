package main

import "testing"

func TestCheckKeyDoor(t *testing.T) {
	const (
		shipped   = "internal/waldur/a.go"
		test      = "internal/waldur/a_test.go"
		setting   = "internal/instaclustr/settings.go"
		similar   = "internal/rotations/a_test.go"
		simulator = "internal/sim/b/a.go"
	)
	name := func(path, name string) []string {
		return []string{path + ":3: only internal/rotation may use the name " + name}
	}
	attribute := func(path, name string) []string {
		return []string{path + ":3: only internal/rotation may name the attribute " + name}
	}
	field := func(text string) repository { return goFile(shipped, "type a struct{ "+text+" }") }

	const both = `var APIKey = "api_key"`
	wantFindings(t, checkKeyDoor, map[string]sample{
		"the package":      {goFile("internal/rotation/a.go", both), none},
		"its tests":        {goFile("internal/rotation/a_test.go", both), none},
		"a similar folder": {goFile(similar, both), name(similar, "APIKey")},

		"a selector":      {goFile(shipped, "var a = m.Key.APIKey.IsNull()"), name(shipped, "APIKey")},
		"a literal's key": {goFile(shipped, "var a = b{PreviousAPIKey: c}"), name(shipped, "PreviousAPIKey")},
		"a field":         {field("APIKey string"), name(shipped, "APIKey")},
		"a type":          {goFile(shipped, "type APIKey int"), name(shipped, "APIKey")},
		"another name":    {goFile(shipped, "var apiKey, APIKeys, EncryptedAPIKey int // APIKey"), none},
		"a test":          {goFile(test, both), name(test, "APIKey")},
		"a rule":          {goFile(shipped, "var a = k.RotatedAt"), name(shipped, "RotatedAt")},
		"a rule, a test":  {goFile(test, "var a = k.StoreAPIKey"), none},
		"a simulator":     {goFile(simulator, both), name(simulator, "APIKey")},
		"documentation":   {repository{"README.md": "`APIKey` api_key"}, none},

		"a string":         {goFile(shipped, "var a = f(`api_key`)"), attribute(shipped, "api_key")},
		"previous key":     {goFile(shipped, `var a = "previous_api_key"`), attribute(shipped, "previous_api_key")},
		"a longer string":  {goFile(shipped, `var a, b = "the api_key", "encrypted_api_key"`), none},
		"a test's string":  {goFile(test, `var a = "api_key"`), none},
		"a helper's":       {goFile("internal/acctest/a.go", `var a = "api_key"`), none},
		"a tag":            {field("B string `tfsdk:\"api_key\"`"), attribute(shipped, "api_key")},
		"a tag for JSON":   {field("B string `json:\"api_key\"`"), none},
		"the setting":      {goFile(setting, `var a = "api_key"`), none},
		"a name beside it": {goFile(setting, both), name(setting, "APIKey")},
	})
}
