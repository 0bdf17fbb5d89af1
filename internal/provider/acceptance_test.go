package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

const lookup = "data \"svcacct_waldur_customer\" \"test\" {\n  name = \"ACME Research\"\n}\n"

// What is wrong in the provider block fails at plan, on the attribute.
func TestAccProvider_invalid(t *testing.T) {
	cases := map[string]struct{ block, words string }{
		"endpoint that is no URL":      {`waldur = { endpoint = "waldur", token = "t" }`, `waldur.endpoint is not an absolute http or https URL`},
		"endpoint with a password":     {`waldur = { endpoint = "https://user:hunter2@waldur.example.org", token = "t" }`, `waldur.endpoint is a URL with a user name or password`},
		"Wavefront endpoint":           {`wavefront = { endpoint = "ftp://example.wavefront.com", token = "t" }`, `wavefront.endpoint is not`},
		"Instaclustr endpoint":         {`instaclustr = { endpoint = "", username = "u", api_key = "k" }`, `instaclustr.endpoint is not`},
		"timeout that is no duration":  {`http = { request_timeout = "soon" }`, `Invalid Time Duration String Value`},
		"timeout of nothing":           {`http = { request_timeout = "0s" }`, `http.request_timeout must be`},
		"negative retries":             {`http = { max_retries = -1 }`, `http.max_retries value must be between 0 and 20`},
		"no budget":                    {`http = { max_requests_per_second = 0 }`, `http.max_requests_per_second value must be at least`},
		"certificate that is none":     {`http = { ca_certificate = "trust me" }`, `http.ca_certificate is no PEM text`},
		"system used without settings": {``, `waldur.endpoint (or the environment variable WALDUR_API_URL)`},
		"system used without a token":  {`waldur = { endpoint = "https://waldur.example.org" }`, `waldur.token (or the environment variable WALDUR_ACCESS_TOKEN)`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			acctest.Run(t, &acctest.Clock{}, resource.TestCase{Steps: []resource.TestStep{{
				Config:   fmt.Sprintf("provider \"svcacct\" {\n  %s\n}\n\n%s", c.block, lookup),
				PlanOnly: true, ExpectError: acctest.Words(c.words),
			}}})
		})
	}
}

// A token that another resource makes is known during apply: what needs no request before is planned, what needs one says why it can't be.
func TestAccProvider_unknownToken(t *testing.T) {
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "the token of the simulator is handed through another resource")
	provider := fmt.Sprintf("resource \"terraform_data\" \"token\" {\n  input = %q\n}\n\n"+
		"provider \"svcacct\" {\n  waldur = { endpoint = %q, token = terraform_data.token.output }\n}\n\n", w.Settings["token"], w.Settings["endpoint"])
	account := fmt.Sprintf("resource \"svcacct_waldur_customer_service_account\" \"test\" {\n  customer_uuid = %q\n  preferred_identifier = \"bot\"\n}\n", w.Customer)
	w.Run(t,
		resource.TestStep{Config: provider + lookup, ExpectError: acctest.Words("Waldur can't be reached yet: waldur.token in the provider block depends on a resource")},
		resource.TestStep{Config: provider + account, Check: resource.TestCheckResourceAttrSet("svcacct_waldur_customer_service_account.test", "api_key")},
		resource.TestStep{Config: provider + account + lookup},
	)
}
