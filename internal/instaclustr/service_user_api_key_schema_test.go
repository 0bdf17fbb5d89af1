package instaclustr_test

import (
	"testing"
)

// Errors that the configuration shows are reported at plan, on the attribute, before any request.
func TestAccAPIKey_invalid(t *testing.T) {
	valid := func(attribute string) string { return apiKeyOf("ci", "MONITORING", attribute) }
	for name, test := range map[string]struct{ config, words string }{
		"bad CIDR": {
			valid(allow("198.51.100.0/33")),
			`cidr_allow_list[Value("198.51.100.0/33")] must be an address, a slash and the length of a prefix`,
		},
		"address without length": {valid(allow("198.51.100.7")), `such as 198.51.100.0/24, 203.0.113.7/32`},
		"empty allow list": {
			valid(`cidr_allow_list = []`), `Attribute cidr_allow_list set must contain at least 1 elements`,
		},
		"overlap": {
			valid(`overlap = "24h"`), `overlap can't be set: a service user of Instaclustr has one key of each type`,
		},
		"rotation before expiry": {
			valid(`rotate_before_expiry = "24h"`),
			`rotate_before_expiry can't be set: keys of Instaclustr do not expire`,
		},
		"duration of a rotation": {valid(`rotate_after = "90 days"`), `rotate_after = "90 days"`},
		"type with a slash":      {apiKeyOf("ci", "MONITORING/X"), `key_type must not contain a slash`},
		"empty type":             {apiKeyOf("ci", ""), `Attribute key_type string length must be at least 1`},
		"type of dots":           {apiKeyOf("ci", ".."), `Attribute key_type value must be none of`},
		"padded type":            {apiKeyOf("ci", "MONITORING "), `key_type must not begin or end with white space`},
		"empty user name":        {apiKeyOf("", "MONITORING"), `Attribute username string length must be at least 1`},
		"type of the wrong role": {
			serviceUser("ci", "READ_ONLY") + apiKey("PROVISIONING"),
			`the role READ_ONLY of ci allows no API key of type PROVISIONING`,
		},
		"data source": {
			dataSource(keyType+"s", `key_type = ""`), `Attribute key_type string length must be at least 1`,
		},
		"ephemeral, type": {ephemeralKey("ci", "A/B"), `key_type must not contain a slash`},
		"ephemeral, empty": {
			ephemeralKey("ci", "MONITORING", `cidr_allow_list = []`), `set must contain at least 1 elements`,
		},
	} {
		t.Run(name, func(t *testing.T) { invalid(t, test.config, test.words) })
	}
}
