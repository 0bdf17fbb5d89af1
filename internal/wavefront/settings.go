package wavefront

import "github.com/svcacct/terraform-provider-svcacct/internal/tfkit"

const block = "wavefront"

var (
	endpointSetting = tfkit.Setting{
		Name: tfkit.EndpointName, Variable: "WAVEFRONT_ADDRESS",
		Description: "Address of the cluster, such as `https://example.wavefront.com`. The scheme may be left out.",
		Example:     "https://example.wavefront.com", BareHost: true,
	}
	tokenSetting = tfkit.Setting{
		Name: "token", Variable: "WAVEFRONT_TOKEN", Sensitive: true, InFile: true,
		Description: "API token of an account with the permission `user_management`.",
	}
)
