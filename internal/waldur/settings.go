package waldur

import "github.com/svcacct/terraform-provider-svcacct/internal/tfkit"

const block = "waldur"

var (
	endpointSetting = tfkit.Setting{
		Name: tfkit.EndpointName, Variable: "WALDUR_API_URL",
		Description: "Address of the Waldur server, with or without `/api`, such as `https://waldur.example.org`.",
		Example:     "https://waldur.example.org",
	}
	tokenSetting = tfkit.Setting{
		Name: "token", Variable: "WALDUR_ACCESS_TOKEN", Sensitive: true, InFile: true,
		Description: "Token of the user who manages the accounts. A personal access token is best: a session token " +
			"ends after an hour without use.",
	}
)
