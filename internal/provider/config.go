package provider

import (
	"context"
	"fmt"
	"maps"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// httpBlock is the attribute of the provider block with the settings of the transport.
const httpBlock = "http"

type httpConfig struct {
	MaxRetries           types.Float64  `tfsdk:"max_retries"`
	RequestTimeout       tfkit.Duration `tfsdk:"request_timeout"`
	MaxRequestsPerSecond types.Float64  `tfsdk:"max_requests_per_second"`
	CACertificate        types.String   `tfsdk:"ca_certificate"`
	ClientCertificate    types.String   `tfsdk:"client_certificate"`
	ClientKey            types.String   `tfsdk:"client_key"`
	UserAgentSuffix      types.String   `tfsdk:"user_agent_suffix"`
	BulkReads            types.Bool     `tfsdk:"bulk_reads"`
	MaxWait              tfkit.Duration `tfsdk:"max_wait"`
}

func configSchema(systems []tfkit.System) schema.Schema {
	attributes := map[string]schema.Attribute{
		httpBlock: schema.SingleNestedAttribute{
			Optional: true,
			MarkdownDescription: "Settings of the requests to all systems. Proxies come from the environment " +
				"variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.",
			Attributes: httpAttributes(),
		},
	}
	for _, s := range systems {
		block := schema.SingleNestedAttribute{
			Optional: true, MarkdownDescription: "Connection to " + s.Title + ".",
			Attributes: map[string]schema.Attribute{},
		}
		for _, setting := range s.Settings {
			block.Attributes[setting.Name] = settingAttribute(setting)
			if setting.InFile {
				block.Attributes[setting.FileName()] = fileAttribute(setting)
			}
		}
		attributes[s.Block] = block
	}
	return schema.Schema{
		MarkdownDescription: "Machine accounts and their API keys in Waldur, VMware Aria Operations for Applications " +
			"(Wavefront) and NetApp Instaclustr.",
		Attributes: attributes,
	}
}

func settingAttribute(s tfkit.Setting) schema.StringAttribute {
	attribute := schema.StringAttribute{
		Optional: true, Sensitive: s.Sensitive,
		MarkdownDescription: s.Description + " Can also be set by the environment variable `" + s.Variable + "`.",
	}
	attribute.Validators = []validator.String{notBlank}
	switch {
	case s.Name == tfkit.EndpointName:
		attribute.Validators = []validator.String{endpointURL(s)}
	case s.Sensitive:
		attribute.Validators = append(attribute.Validators, oneLine)
	}
	return attribute
}

// fileAttribute is the attribute with the path of a file that has the value of a setting.
func fileAttribute(s tfkit.Setting) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		Validators: []validator.String{
			notBlank, oneLine, stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName(s.Name)),
		},
		MarkdownDescription: fmt.Sprintf("Path of a file with the value of `%[1]s`, instead of `%[1]s`. It serves "+
			"credentials that live for a short time: the file is read again when the server refuses the credential "+
			"(401), and the request is sent again, at most two times, if the file has another one. White space around "+
			"the value does not count. A relative path starts at the directory in which Terraform runs. Can also be "+
			"set by the environment variable `%[2]s`.", s.Name, s.FileVariable()),
	}
}

func httpAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"max_retries": schema.Float64Attribute{ // the error of an integer attribute shows types of Go
			Optional: true, Validators: []validator.Float64{retryCount{}},
			MarkdownDescription: fmt.Sprintf("Number of times that a request is sent again after a temporary "+
				"failure, from 0 to 20. The waits between them grow, or follow the server's `Retry-After`. A request "+
				"that creates an account or issues a key is sent again only if the server has certainly not processed "+
				"it; a robot account of Waldur also if it is not found afterwards, since there can be only one. "+
				"Default: %d.", transport.DefaultMaxRetries),
		},
		"request_timeout": schema.StringAttribute{
			CustomType: tfkit.DurationType{}, Optional: true,
			Validators: []validator.String{tfkit.DurationAtLeast(time.Second)},
			MarkdownDescription: fmt.Sprintf("Time limit for one request, from sending it to the end of the "+
				"response. A Go duration of at least `1s`. The limit applies to each retry. Default: `%s`.",
				transport.DefaultRequestTimeout),
		},
		"max_wait": schema.StringAttribute{
			CustomType: tfkit.DurationType{}, Optional: true,
			Validators: []validator.String{tfkit.DurationAtLeast(time.Second)},
			MarkdownDescription: fmt.Sprintf("Longest wait while a system refuses all requests because of their "+
				"rate (429; Wavefront: 406), counted from the last request that it accepted. All requests to the "+
				"system wait together until its `Retry-After`, or for growing times. These waits do not count as "+
				"retries. A Go duration of at least `1s`. Default: `%s`.", transport.DefaultMaxWait),
		},
		"max_requests_per_second": schema.Float64Attribute{
			Optional: true, Validators: []validator.Float64{float64validator.AtLeast(0.1)},
			MarkdownDescription: "Greatest number of requests per second to one system, at least 0.1. It serves " +
				"systems whose limit several programs share. Default: no limit; the parallelism of Terraform bounds " +
				"the rate.",
		},
		"bulk_reads": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether a refresh of many objects reads a list of them, once the list costs less " +
				"than a request for each object. Default: `true`.",
		},
		"user_agent_suffix": schema.StringAttribute{
			Optional: true, Validators: []validator.String{oneLine},
			MarkdownDescription: "Text at the end of the `User-Agent` header, in one line, for the log of the " +
				"server. Default: none.",
		},
	}
	maps.Copy(attributes, tlsAttributes())
	return attributes
}

// tlsAttributes are what the provider trusts, and what it shows to servers that demand a certificate.
func tlsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"ca_certificate": schema.StringAttribute{
			Optional: true, Validators: []validator.String{caCertificate},
			MarkdownDescription: "Certificates of further authorities to trust, in PEM. Default: only the " +
				"authorities that the machine trusts.",
		},
		"client_certificate": schema.StringAttribute{
			Optional: true,
			Validators: []validator.String{
				clientCertificate, stringvalidator.AlsoRequires(path.MatchRelative().AtParent().AtName("client_key")),
			},
			MarkdownDescription: "Certificate that the provider shows to servers that demand one, in PEM. " +
				"Certificates of intermediate authorities may follow it. Needs `client_key`. Default: none.",
		},
		"client_key": schema.StringAttribute{
			Optional: true, Sensitive: true,
			Validators: []validator.String{
				clientKey, keyOfCertificate{},
				stringvalidator.AlsoRequires(path.MatchRelative().AtParent().AtName("client_certificate")),
			},
			MarkdownDescription: "Private key of `client_certificate`, in PEM, without a passphrase. Needs " +
				"`client_certificate`. Default: none.",
		},
	}
}

// retryCount refuses a number that max_retries can't be.
type retryCount struct{}

const maxRetryCount = 20

func (retryCount) Description(context.Context) string {
	return fmt.Sprintf("must be a whole number from 0 to %d", maxRetryCount)
}

func (v retryCount) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v retryCount) ValidateFloat64(
	ctx context.Context, req validator.Float64Request, resp *validator.Float64Response,
) {
	number := req.ConfigValue.ValueFloat64() // 0 if null or unknown
	if number < 0 || number > maxRetryCount || number != math.Trunc(number) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid number",
			fmt.Sprintf("%s %s; got %v.", req.Path, v.Description(ctx), number))
	}
}

// oneLine refuses a text that no header can have. White space around a value is removed before use.
// The error does not quote the value, which may be a credential.
var oneLine = tfkit.CheckString("must be one line", func(at path.Path, text string, diags *diag.Diagnostics) {
	if strings.ContainsFunc(strings.TrimSpace(text), unicode.IsControl) {
		diags.AddAttributeError(at, "Invalid text", fmt.Sprintf("%s must be one line, without control characters.", at))
	}
})

// notBlank refuses an empty text, which would otherwise count as not set: the environment would decide.
var notBlank = tfkit.CheckString("must not be empty", func(at path.Path, text string, diags *diag.Diagnostics) {
	if strings.TrimSpace(text) == "" {
		diags.AddAttributeError(at, "Empty setting",
			fmt.Sprintf("%s is empty. To take the value from the environment, "+
				"leave the setting out, or set it to null.", at))
	}
})

// endpointURL refuses an endpoint that is not a URL. The error has the example of the system.
func endpointURL(s tfkit.Setting) validator.String {
	return parsed("Invalid endpoint", func(text string) error {
		if s.BareHost && !strings.Contains(text, "://") {
			text = "https://" + strings.TrimSpace(text)
		}
		_, err := transport.ParseEndpoint(text)
		if err != nil {
			err = fmt.Errorf("%w. An example is %s", err, s.Example)
		}
		return err
	})
}

var (
	caCertificate = parsed("Invalid CA certificate", func(text string) error {
		_, err := transport.ParseCACertificate(text)
		return err
	})
	clientCertificate = parsed("Invalid client certificate", transport.CheckCertificate)
	clientKey         = parsed("Invalid client key", transport.CheckPrivateKey)
)

// keyOfCertificate refuses a client key that does not belong to the client certificate beside it.
type keyOfCertificate struct{}

func (keyOfCertificate) Description(context.Context) string {
	return "must belong to client_certificate"
}

func (v keyOfCertificate) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (keyOfCertificate) ValidateString(
	ctx context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	var certificate types.String
	at := req.Path.ParentPath().AtName("client_certificate")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &certificate)...)
	text, key := certificate.ValueString(), req.ConfigValue.ValueString()
	if text == "" || key == "" || transport.CheckCertificate(text) != nil || transport.CheckPrivateKey(key) != nil {
		return // other validators report it
	}
	if _, err := transport.ParseClientCertificate(text, key); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid client key", fmt.Sprintf("%s can't be used: %s.",
			req.Path, err))
	}
}

// parsed refuses a text that a function can't parse. The text of the error follows the path of the
// attribute and "is".
func parsed(summary string, parse func(string) error) validator.String {
	return tfkit.CheckString("must be well-formed", func(at path.Path, text string, diags *diag.Diagnostics) {
		if err := parse(text); err != nil {
			diags.AddAttributeError(at, summary, fmt.Sprintf("%s is %s.", at, err))
		}
	})
}
