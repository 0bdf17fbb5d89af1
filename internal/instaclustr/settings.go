package instaclustr

import "github.com/svcacct/terraform-provider-svcacct/internal/tfkit"

const block = "instaclustr"

var (
	endpointSetting = tfkit.Setting{
		Name: tfkit.EndpointName, Variable: "IC_API_URL", Default: "https://api.instaclustr.com",
		Description: "Address of the API. Default: `https://api.instaclustr.com`.",
		Example:     "https://api.instaclustr.com",
	}
	usernameSetting = tfkit.Setting{
		Name: "username", Variable: "IC_USERNAME", Description: "Name of the user who manages the service users.",
	}
	apiKeySetting = tfkit.Setting{
		Name: "api_key", Variable: "IC_API_KEY", Sensitive: true, InFile: true,
		Description: "User Management API key of the user in `username`.",
	}
)
