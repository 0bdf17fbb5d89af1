package provider

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// config is the provider block. A system's block is an object, since it may be unknown as a whole.
type config struct {
	Waldur      types.Object `tfsdk:"waldur"`
	Wavefront   types.Object `tfsdk:"wavefront"`
	Instaclustr types.Object `tfsdk:"instaclustr"`
	HTTP        types.Object `tfsdk:"http"`
}

type httpConfig struct {
	MaxRetries           types.Int64          `tfsdk:"max_retries"`
	RequestTimeout       timetypes.GoDuration `tfsdk:"request_timeout"`
	MaxRequestsPerSecond types.Float64        `tfsdk:"max_requests_per_second"`
	CACertificate        types.String         `tfsdk:"ca_certificate"`
	UserAgentSuffix      types.String         `tfsdk:"user_agent_suffix"`
}

func configSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Machine accounts and their API keys in Waldur, VMware Aria Operations for Applications (Wavefront) and NetApp Instaclustr.",
		Attributes: map[string]schema.Attribute{
			"waldur": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "How to reach Waldur.",
				Attributes: map[string]schema.Attribute{
					"endpoint": endpoint("Address of the Waldur server, with or without `/api`, such as `https://waldur.example.org`.", "WALDUR_API_URL"),
					"token": secret("Token of the user that manages the accounts: best a personal access token, since a session token ends "+
						"after an hour without use.", "WALDUR_ACCESS_TOKEN"),
				},
			},
			"wavefront": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "How to reach Wavefront.",
				Attributes: map[string]schema.Attribute{
					"endpoint": endpoint("Address of the cluster, such as `https://example.wavefront.com`.", "WAVEFRONT_ADDRESS"),
					"token":    secret("API token of the account that manages the accounts.", "WAVEFRONT_TOKEN"),
				},
			},
			"instaclustr": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "How to reach Instaclustr.",
				Attributes: map[string]schema.Attribute{
					"endpoint": endpoint("Address of the API; by default `"+defaultInstaclustrEndpoint+"`.", "IC_API_URL"),
					"username": schema.StringAttribute{Optional: true, MarkdownDescription: "Name of the user that manages the service users. " + fromEnvironment("IC_USERNAME")},
					"api_key":  secret("API key of that user.", "IC_API_KEY"),
				},
			},
			"http": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "How requests are sent, the same for all systems. Proxies come from the environment variables " +
					"`HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.",
				Attributes: httpAttributes(),
			},
		},
	}
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
			CustomType: timetypes.GoDurationType{}, Optional: true, Validators: []validator.String{rotation.AtLeast(time.Second)},
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
			Optional: true, Validators: []validator.String{stringvalidator.RegexMatches(oneLine, "must be one line")},
			MarkdownDescription: "Text at the end of the `User-Agent` header, so that a server's log tells who sent a request.",
		},
	}
}

func endpoint(description, variable string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{endpointURL},
		MarkdownDescription: description + " " + fromEnvironment(variable),
	}
}

func secret(description, variable string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Sensitive: true, Validators: []validator.String{stringvalidator.RegexMatches(oneLine, "must be one line")},
		MarkdownDescription: description + " " + fromEnvironment(variable),
	}
}

// oneLine is what a header can hold, with white space around it that is cut off.
var oneLine = regexp.MustCompile(`^\s*[^\x00-\x1f\x7f]*\s*$`)

func fromEnvironment(variable string) string {
	return "May be given by the environment variable `" + variable + "` instead."
}

// parsed refuses what a function can't read. The words follow the attribute's path.
type parsed struct {
	summary string
	parse   func(string) error
}

var (
	endpointURL = parsed{"Invalid endpoint", func(text string) error {
		_, err := transport.ParseEndpoint(text)
		return err
	}}
	caCertificate = parsed{"Invalid CA certificate", func(text string) error {
		_, err := transport.ParseCACertificate(text)
		return err
	}}
)

func (parsed) Description(context.Context) string { return "must be well-formed" }

func (v parsed) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v parsed) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.parse(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, fmt.Sprintf("%s is %s.", req.Path, err))
	}
}
