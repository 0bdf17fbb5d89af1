package instaclustr_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Only the e-mail address changes: must fail at plan, with all keys alive.
func TestAccHazard_ReplaceEmailOnly(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	workspace := w.NewWorkspace(t, config)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.Write(t, strings.Replace(config, "ci@acme.example", "new@acme.example", 1))
	output, code, err := workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
	t.Logf("%d %v\n%s", code, err, output)
	if err := keysOf(w, "ci", "MONITORING")(nil); err != nil {
		t.Error(err)
	}
	state := workspace.MustRun(t, 0, "state", "list")
	t.Logf("state list: %q", state)
	if !strings.Contains(state, user) {
		t.Error("the user has left the state")
	}
}

func TestAccHazard_ReplaceUsernameOnly(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	workspace := w.NewWorkspace(t, config)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.Write(t, strings.Replace(config, `username = "ci"`, `username = "ci2"`, 1))
	output, code, err := workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
	t.Logf("%d %v\n%s", code, err, output)
	if err := keysOf(w, "ci", "MONITORING")(nil); err != nil {
		t.Error(err)
	}
}

// A key without cidr_allow_list, restricted in the console, is rotated: must not be opened to the world.
func TestAccHazard_RotationOpens(t *testing.T) {
	w := server(t)
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers(release))
	}
	w.Run(t,
		resource.TestStep{Config: config("1")},
		resource.TestStep{
			PreConfig: func() { w.Sim.SetAllowList("ci", "MONITORING", "198.51.100.0/24") },
			Config:    config("2"), Check: restricted(w),
		},
	)
}

// Generate's answer is lost, and rotate, whose place is a coin toss, is not there: the key must not be forgotten.
func TestAccHazard_LostGenerateNoRotate(t *testing.T) {
	for name, fault := range map[string]simkit.Fault{
		"404": {Times: -1, Status: http.StatusNotFound, Body: `{"status":404,"message":"HTTP 404 Not Found"}`},
		"403": {Times: -1, Status: http.StatusForbidden, Body: `{"message":"no"}`},
		"429": {Times: -1, Status: http.StatusTooManyRequests, Body: `{"message":"Rate Limit Exceeded"}`},
	} {
		t.Run(name, func(t *testing.T) {
			w := server(t)
			config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", allow("198.51.100.0/24"))
			workspace := w.NewWorkspace(t, config)
			w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
			w.Sim.Inject(rotateOp, fault)
			output, code, _ := workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
			t.Logf("%d\n%s", code, output)
			t.Logf("allow list of the key that lives: %q", w.Sim.AllowList("ci", "MONITORING"))
			output, code, _ = workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
			t.Logf("second apply %d\n%s", code, output)
			if code != 0 {
				t.Error("the next apply does not complete it")
			}
		})
	}
}

func TestAccHazard_EphemeralLostGenerateNoRotate(t *testing.T) {
	w := inhabited(t)
	workspace := w.NewWorkspace(t, "ephemeral \""+keyType+"\" \"test\" {\n  username = \"idle\"\n  key_type = \"MONITORING\"\n}\n\nlocals {\n  key = ephemeral."+keyType+".test.api_key\n}\n")
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
	w.Sim.Inject(rotateOp, simkit.Fault{Times: -1, Status: http.StatusNotFound, Body: `{"status":404,"message":"HTTP 404 Not Found"}`})
	output, code, _ := workspace.Run(t.Context(), "apply", "-no-color", "-auto-approve")
	t.Logf("%d\n%s", code, output)
	if err := keysOf(w, "idle")(nil); err != nil {
		t.Error(err)
	}
}

// A rotation is lost; the next one is refused; the doubt must stay.
func TestAccHazard_DoubtForgotten(t *testing.T) {
	w, secret := server(t), ""
	config := func(release string) string {
		return serviceUser("ci", "READ_ONLY") + apiKey("MONITORING", keepers(release))
	}
	w.Run(t,
		resource.TestStep{Config: config("1"), Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(rotateOp, simkit.Fault{Times: 5, Drop: simkit.DropAfter}) },
			Config:    config("2"), ExpectError: acctest.Words("The next apply rotates again"),
		},
		resource.TestStep{
			PreConfig: func() { w.Sim.Inject(rotateOp, simkit.Fault{Status: 400, Body: `{"apiKeyType":"not now"}`}) },
			Config:    config("1"), ExpectError: acctest.Words("not now"),
		},
		resource.TestStep{Config: config("1"), ConfigPlanChecks: acctest.Planned(key, plancheck.ResourceActionUpdate), Check: works(w)},
	)
}

// The role is lowered, the service leaves the keys, and then there is an outage: the keys must not be forgotten.
func TestAccHazard_StrandedForgottenOutage(t *testing.T) {
	w := acctest.NewInstaclustr(t, instaclustrsim.Options{OnDowngrade: "keep"})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN")},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.AddKey("ci", "PROVISIONING")
				w.Sim.Inject(revokeOp, simkit.Fault{Times: 5, Status: 503})
				w.Sim.Inject(getOp, simkit.Fault{Skip: 1, Times: 5, Status: 503}) // the refresh passes
			},
			Config: serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words("503"),
		},
		resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: serviceUser("ci", "READ_ONLY"), ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate), Check: keysOf(w, "ci")},
	)
}

func TestAccHazard_StrandedForgottenLostPut(t *testing.T) {
	w := acctest.NewInstaclustr(t, instaclustrsim.Options{OnDowngrade: "keep"})
	w.Run(t,
		resource.TestStep{Config: serviceUser("ci", "CLUSTER_ADMIN")},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.AddKey("ci", "PROVISIONING")
				w.Sim.Inject(updateOp, simkit.Fault{Times: 5, Drop: simkit.DropAfter})
				w.Sim.Inject(getOp, simkit.Fault{Skip: 1, Times: 5, Status: 503}) // the refresh passes
			},
			Config: serviceUser("ci", "READ_ONLY"), ExpectError: acctest.Words("Unable to update"),
		},
		resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: serviceUser("ci", "READ_ONLY"), ConfigPlanChecks: acctest.Planned(user, plancheck.ResourceActionUpdate), Check: keysOf(w, "ci")},
	)
}

// The guards against a lock-out, where Terraform plans a create.
func TestAccHazard_LockoutBypassed(t *testing.T) {
	w := server(t)
	config := serviceUser("ci", "CLUSTER_ADMIN") + apiKey("USER_MANAGEMENT")
	workspace := w.NewWorkspace(t, config)
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	secret := w.Sim.Secret("ci", "USER_MANAGEMENT")
	as := func(body string) string { return w.With("username", "ci").With("api_key", secret).Config(body) }
	workspace.Write(t, as(config))
	for _, address := range []string{key, user} {
		output, code, _ := workspace.Run(t.Context(), "plan", "-no-color", "-refresh=false", "-replace="+address)
		if code != 1 || !acctest.Words("lock itself out").MatchString(output) {
			t.Errorf("-replace=%s: %d\n%s", address, code, output)
		}
	}
	workspace.MustRun(t, 0, "state", "rm", key)
	workspace.Write(t, as(serviceUser("ci", "CLUSTER_ADMIN")+apiKey("USER_MANAGEMENT", "adopt_by_rotation = true")))
	output, code, _ := workspace.Run(t.Context(), "plan", "-no-color", "-refresh=false")
	if code != 1 || !acctest.Words("lock itself out").MatchString(output) {
		t.Errorf("adopt: %d\n%s", code, output)
	}
}

// An imported key, restricted in the console, is rotated by a service that drops the list then: a word is due.
func TestAccHazard_ImportedOpensSilently(t *testing.T) {
	w := acctest.NewInstaclustr(t, instaclustrsim.Options{RotateKeepsAllowList: "false"})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Keys: []string{"MONITORING"}})
	w.Sim.SetAllowList("ci", "MONITORING", "198.51.100.0/24")
	workspace := w.NewWorkspace(t, apiKeyOf("ci", "MONITORING", keepers("1")))
	workspace.MustRun(t, 0, "import", key, "ci/MONITORING")
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.Write(t, apiKeyOf("ci", "MONITORING", keepers("2")))
	output := workspace.MustRun(t, 0, "apply", "-auto-approve", "-no-color")
	if got := w.Sim.AllowList("ci", "MONITORING"); slices.Equal(got, []string{"0.0.0.0/0"}) && !strings.Contains(output, "any address") {
		t.Errorf("open to %q without a word:\n%s", got, output)
	}
}

// Administrators are not configured; one is added between plan and apply; an update of the display name must leave them.
func TestAccHazard_AdministratorsOverwritten(t *testing.T) {
	w := server(t)
	w.Sim.AddUser(instaclustrsim.HumanUser{Username: "bob", Role: instaclustrsim.ClusterAdmin})
	workspace := w.NewWorkspace(t, serviceUser("ci", "READ_ONLY", `display_name = "a"`))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	workspace.Write(t, serviceUser("ci", "READ_ONLY", `display_name = "b"`))
	workspace.MustRun(t, 0, "plan", "-out=saved")
	owner, _ := w.Sim.Owner()
	w.Sim.SetAdministrators("ci", owner, "bob")
	workspace.MustRun(t, 0, "apply", "saved")
	found, _ := w.Sim.ServiceUser("ci")
	if !slices.Contains(found.Administrators, "bob") {
		t.Errorf("administrators are now %q", found.Administrators)
	}
}

// An answer without the member apiKeys says nothing of keys: it must not take a key out of the state.
func TestAccHazard_NoMemberOfKeys(t *testing.T) {
	w, secret := server(t), ""
	config := serviceUser("ci", "READ_ONLY") + apiKey("MONITORING")
	const bare = `{"username":"ci","email":"ci@acme.example","displayName":"ci","role":"READ_ONLY","administrators":["j.doe"]}`
	w.Run(t,
		resource.TestStep{Config: config, Check: acctest.Remember(key, "api_key", &secret)},
		resource.TestStep{
			PreConfig: func() {
				w.Sim.Inject(getOp, simkit.Fault{Times: -1, Status: 200, Body: bare})
				w.Sim.Inject(listOp, simkit.Fault{Times: -1, Status: 200, Body: "[" + bare + "]"})
			},
			RefreshState: true, ExpectError: acctest.Words("the service does not tell the API keys of this user"),
		},
		resource.TestStep{PreConfig: w.Sim.ClearFaults, Config: config, Check: acctest.Unchanged(key, "api_key", &secret)},
	)
}

// Names without case: an import with another spelling must not plan a replacement.
func TestAccHazard_ImportSpelling(t *testing.T) {
	w := acctest.NewInstaclustr(t, instaclustrsim.Options{Usernames: "caseInsensitive"})
	w.Sim.AddServiceUser(instaclustrsim.ServiceUser{Username: "ci", Keys: []string{"MONITORING"}})
	workspace := w.NewWorkspace(t, apiKeyOf("ci", "MONITORING"))
	workspace.MustRun(t, 0, "import", key, "CI/MONITORING")
	workspace.MustRun(t, 0, "plan", "-no-color", "-detailed-exitcode")
}

// A user can't be replaced by one of its name: the plan says so before any key is revoked.
func TestAccHazard_ReplaceFlag(t *testing.T) {
	w := server(t)
	workspace := w.NewWorkspace(t, serviceUser("ci", "READ_ONLY")+apiKey("MONITORING"))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	if output := workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve", "-replace="+user); !acctest.Words("can't be replaced by one of its name").MatchString(output) {
		t.Errorf("the reason is not in the output:\n%s", output)
	}
	workspace.MustRun(t, 0, "taint", user)
	if output := workspace.MustRun(t, 2, "plan", "-no-color", "-detailed-exitcode"); !acctest.Words("Run terraform untaint").MatchString(output) {
		t.Errorf("no warning of the taint:\n%s", output)
	}
	if err := keysOf(w, "ci", "MONITORING")(nil); err != nil {
		t.Error(err)
	}
}
