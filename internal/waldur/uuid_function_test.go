package waldur

import "testing"

func TestUUIDOf(t *testing.T) {
	const other = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	const malformed = "must be a UUID, with or without hyphens, or a URL that holds a UUID; got "
	for text, want := range map[string]string{
		accountUUID:             accountUUID,
		hyphenated:              accountUUID,
		" " + hyphenated + "\n": accountUUID,
		"https://waldur.example.org/api/customers/" + accountUUID + "/":              accountUUID,
		"https://waldur.example.org/api/customers/" + hyphenated + "?field=uuid":     accountUUID,
		"/api/projects/" + accountUUID + "/":                                         accountUUID,
		"https://h/organizations/" + hyphenated + "/dashboard/?from=" + other:        accountUUID,
		"https://h/api/projects/" + hyphenated + "/customers/" + accountUUID + "/#x": accountUUID,
	} {
		if got, err := uuidOf(text); err != nil || got != want {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
	const two = "must be a URL that holds one UUID; got 2 different UUIDs: " + accountUUID + ", " + other
	for text, want := range map[string]string{
		"":                                  malformed + `""`,
		"ACME":                              malformed + `"ACME"`,
		"https://h/api/customers/":          malformed + `"https://h/api/customers/"`,
		"https://h/?uuid=" + other:          malformed + `"https://h/?uuid=` + other + `"`,
		"customers/" + accountUUID:          malformed + `"customers/` + accountUUID + `"`,
		accountUUID + "/" + other:           malformed + `"` + accountUUID + "/" + other + `"`,
		"/a/" + accountUUID + "/b/" + other: two,
	} {
		if got, err := uuidOf(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %q, %v, want %s", text, got, err, want)
		}
	}
}
