package provider

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// httpBlock is the attribute of the provider block with the settings of all requests.
const httpBlock = "http"

type httpConfig struct {
	MaxRetries           types.Int64          `tfsdk:"max_retries"`
	RequestTimeout       timetypes.GoDuration `tfsdk:"request_timeout"`
	MaxRequestsPerSecond types.Float64        `tfsdk:"max_requests_per_second"`
	CACertificate        types.String         `tfsdk:"ca_certificate"`
	UserAgentSuffix      types.String         `tfsdk:"user_agent_suffix"`
}

func configSchema(systems []tfkit.System) schema.Schema {
	attributes := map[string]schema.Attribute{
		httpBlock: schema.SingleNestedAttribute{
			Optional: true,
			MarkdownDescription: "How requests are sent, the same for all systems. Proxies come from the environment " +
				"variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.",
			Attributes: httpAttributes(),
		},
	}
	for _, s := range systems {
		block := schema.SingleNestedAttribute{
			Optional: true, MarkdownDescription: "How to reach " + s.Title + ".", Attributes: map[string]schema.Attribute{},
		}
		for _, setting := range s.Settings {
			block.Attributes[setting.Name] = settingAttribute(setting)
		}
		attributes[s.Block] = block
	}
	return schema.Schema{
		MarkdownDescription: "Machine accounts and their API keys in Waldur, VMware Aria Operations for Applications (Wavefront) " +
			"and NetApp Instaclustr.",
		Attributes: attributes,
	}
}

func settingAttribute(s tfkit.Setting) schema.StringAttribute {
	attribute := schema.StringAttribute{
		Optional: true, Sensitive: s.Sensitive,
		MarkdownDescription: s.Description + " May be given by the environment variable `" + s.Variable + "` instead.",
	}
	switch {
	case s.Name == tfkit.EndpointName:
		attribute.Validators = []validator.String{endpointURL}
	case s.Sensitive:
		attribute.Validators = []validator.String{oneLine}
	}
	return attribute
}

func httpAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"max_retries": schema.Int64Attribute{
			Optional: true, Validators: []validator.Int64{int64validator.Between(0, 20)},
			MarkdownDescription: fmt.Sprintf("How often a request is sent again after a failure that may pass, with growing waits, "+
				"or those that the server asks for. A request that makes an account or key is sent again only if the server surely did "+
				"nothing. Default: %d.", transport.DefaultMaxRetries),
		},
		"request_timeout": schema.StringAttribute{
			CustomType: timetypes.GoDurationType{}, Optional: true, Validators: []validator.String{tfkit.DurationAtLeast(time.Second)},
			MarkdownDescription: fmt.Sprintf("How long one send may take, answer included, as a Go duration. Default: `%s`.", transport.DefaultRequestTimeout),
		},
		"max_requests_per_second": schema.Float64Attribute{
			Optional: true, Validators: []validator.Float64{float64validator.AtLeast(0.1)},
			MarkdownDescription: fmt.Sprintf("How many requests a second are sent to one system at the most. Default: %d.", transport.DefaultMaxRequestsPerSecond),
		},
		"ca_certificate": schema.StringAttribute{
			Optional: true, Validators: []validator.String{caCertificate},
			MarkdownDescription: "Certificates of authorities to trust besides the machine's, in PEM.",
		},
		"user_agent_suffix": schema.StringAttribute{
			Optional: true, Validators: []validator.String{oneLine},
			MarkdownDescription: "Text at the end of the `User-Agent` header, so that a server's log tells who sent a request.",
		},
	}
}

// oneLine refuses what no header can hold. White space around a value is cut off. The error does not quote the value,
// which may be a credential.
var oneLine = tfkit.CheckString("must be one line", func(at path.Path, text string, diags *diag.Diagnostics) {
	if strings.ContainsFunc(strings.TrimSpace(text), unicode.IsControl) {
		diags.AddAttributeError(at, "Invalid text", fmt.Sprintf("%s must be one line, without control characters.", at))
	}
})

var (
	endpointURL = parsed("Invalid endpoint", func(text string) error {
		_, err := transport.ParseEndpoint(text)
		return err
	})
	caCertificate = parsed("Invalid CA certificate", func(text string) error {
		_, err := transport.ParseCACertificate(text)
		return err
	})
)

// parsed refuses what a function cannot parse. The error's text follows the attribute's path and "is".
func parsed(summary string, parse func(string) error) validator.String {
	return tfkit.CheckString("must be well-formed", func(at path.Path, text string, diags *diag.Diagnostics) {
		if err := parse(text); err != nil {
			diags.AddAttributeError(at, summary, fmt.Sprintf("%s is %s.", at, err))
		}
	})
}
