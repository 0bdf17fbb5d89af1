package waldur_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAccServiceAccountDataSource(t *testing.T) {
	eachKind(t, waldursim.Options{}, func(t *testing.T, k kind, w *acctest.Waldur) {
		name := acctest.Name()
		account := k.resource(w, name, `description = "d"`, `email = "bot@acme.example"`)
		scope := fmt.Sprintf("%s_uuid = %q", k.scope, hyphenated(k.scopeUUID(w)))
		address := "data." + k.typeName() + ".test"
		same := resource.ComposeTestCheckFunc(
			resource.TestCheckResourceAttrPair(address, "username", k.address(), "username"),
			resource.TestCheckResourceAttrPair(address, "description", k.address(), "description"),
			resource.TestCheckResourceAttrPair(address, "email", k.address(), "email"),
			resource.TestCheckResourceAttrPair(address, "state", k.address(), "state"),
			resource.TestCheckResourceAttrPair(address, "created", k.address(), "created"),
			resource.TestCheckResourceAttrPair(address, "preferred_identifier", k.address(), "preferred_identifier"),
			resource.TestCheckResourceAttrSet(address, k.scope+"_name"),
			resource.TestCheckResourceAttrSet(address, "customer_uuid"),
		)
		by := func(attributes ...string) resource.TestStep {
			return resource.TestStep{Config: account + dataSource(k.typeName(), attributes...), Check: same}
		}
		w.Run(t,
			by("uuid = "+k.address()+".uuid"),
			by(scope, "username = "+k.address()+".username"),
			by(scope, "preferred_identifier = "+k.address()+".preferred_identifier"),
			resource.TestStep{Config: account + dataSource(k.typeName(), scope, `username = "nobody"`),
				ExpectError: acctest.Words(`the service account with username "nobody"`)},
			resource.TestStep{Config: account + dataSource(k.typeName(), `username = "bot"`),
				ExpectError: acctest.Words(k.scope + "_uuid")},
			resource.TestStep{Config: account + dataSource(k.typeName(), scope),
				ExpectError: acctest.Words("Exactly one of these attributes must be configured")},
			resource.TestStep{Config: account + dataSource(k.typeName(), `uuid = "x"`),
				ExpectError: acctest.Words("uuid must be a UUID")},
			resource.TestStep{
				Config:      account + dataSource(k.typeName(), fmt.Sprintf("uuid = %q", strings.Repeat("0", 32))),
				ExpectError: acctest.Words("Waldur also returns 404 for an account that the token may not see"),
			},
		)
	})
}
