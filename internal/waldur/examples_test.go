package waldur_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

// Examples about robot accounts need the token of one side alone: the provider of a resource does not
// see the customer and the project that use it, and these do not see the provider's view.
func TestAccExamplesOfOneSide(t *testing.T) {
	const provider, consumer = `view = "provider"`, `view = "consumer"`
	for _, test := range []struct {
		file  string
		token func(*acctest.Waldur) *acctest.Server
		view  string // in place of the example's view; "": the example as it is
	}{
		{"resources/svcacct_waldur_robot_account/resource.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_user/data-source.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_user/data-source.tf", consumerOnly, ""},
		{"data-sources/svcacct_waldur_resource/data-source.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_resource/data-source-consumer.tf", consumerOnly, ""},
		{"data-sources/svcacct_waldur_robot_account/data-source.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_robot_account/data-source.tf", consumerOnly, consumer},
		{"data-sources/svcacct_waldur_robot_accounts/data-source.tf", providerOnly, ""},
		{"data-sources/svcacct_waldur_robot_accounts/data-source.tf", consumerOnly, consumer},
	} {
		t.Run(test.file+" "+test.view, func(t *testing.T) {
			w := robotServer(t, waldursim.Options{})
			w.Sim.AddRobotAccount(waldursim.RobotAccount{Resource: w.Resource, Type: "bkup"})
			text, err := os.ReadFile(filepath.Join("..", "..", "examples", filepath.FromSlash(test.file)))
			if err != nil {
				t.Fatal(err)
			}
			config := string(text)
			if test.view != "" {
				config = strings.Replace(config, provider, test.view, 1)
			}
			test.token(w).Run(t, resource.TestStep{Config: config})
		})
	}
}
