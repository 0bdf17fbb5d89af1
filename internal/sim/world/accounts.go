package world

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
)

const offeringName = "Compute allocation"

// addWaldurAccounts creates service accounts of the customer and of the project, and two robot
// accounts on each of half as many resources of the project.
func (w *World) addWaldurAccounts(customer, project, provider string) {
	for i := range w.settings.Accounts {
		ofCustomer, ofProject := numbered("customer", i), numbered("project", i)
		w.Waldur.AddCustomerServiceAccount(waldursim.ServiceAccount{
			UUID: id(ofCustomer), Scope: customer, Username: "svc-" + ofCustomer, PreferredIdentifier: ofCustomer,
		})
		w.Waldur.AddProjectServiceAccount(waldursim.ServiceAccount{
			UUID: id(ofProject), Scope: project, Username: "svc-" + ofProject, PreferredIdentifier: ofProject,
		})
		robot := waldursim.RobotAccount{
			UUID: id(numbered("robot", i)), Resource: id(numbered("resource", i/2)), Type: "ci",
			Username: numbered("robot", i),
		}
		if i%2 == 1 {
			robot.Type = "cd"
		} else {
			w.Waldur.AddResource(waldursim.Resource{
				UUID: robot.Resource, Name: numbered("resource", i/2), Project: project, Provider: provider,
				Offering: id(offeringName), OfferingName: offeringName,
			})
		}
		w.Waldur.AddRobotAccount(robot)
	}
}

// addWavefrontAccounts creates accounts with a token each.
func (w *World) addWavefrontAccounts() {
	accounts := make([]wavefrontsim.ServiceAccount, w.settings.Accounts)
	for i := range accounts {
		accounts[i] = wavefrontsim.ServiceAccount{
			Identifier: numbered("sa::account", i), Tokens: []wavefrontsim.Token{{Name: "token"}},
		}
	}
	w.Wavefront.AddServiceAccounts(accounts...)
}

// addInstaclustrUsers creates users with a key each.
func (w *World) addInstaclustrUsers(owner string) {
	for i := range w.settings.Accounts {
		w.Instaclustr.AddServiceUser(instaclustrsim.ServiceUser{
			Username: numbered("user", i), Role: instaclustrsim.ReadOnly, Administrators: []string{owner},
			Keys: []string{instaclustrsim.ProvisioningReadOnly},
		})
	}
}

// numbered counts from 1, with leading zeros: the order of names is the order of numbers.
func numbered(name string, i int) string { return fmt.Sprintf("%s-%06d", name, i+1) }

// id returns the same 32 hex digits for the same name.
func id(name string) string {
	sum := md5.Sum([]byte(name))
	return hex.EncodeToString(sum[:])
}

// hyphened returns a UUID with its hyphens.
func hyphened(uuid string) string {
	return uuid[:8] + "-" + uuid[8:12] + "-" + uuid[12:16] + "-" + uuid[16:20] + "-" + uuid[20:]
}
