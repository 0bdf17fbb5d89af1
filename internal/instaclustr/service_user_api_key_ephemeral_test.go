package instaclustr_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/instaclustr"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Without private data the key is not known: no request is sent.
func TestEphemeralCloseWithoutPrivateData(t *testing.T) {
	for _, constructor := range instaclustr.System().EphemeralResources {
		e, ok := constructor().(ephemeral.EphemeralResourceWithClose)
		if !ok {
			t.Fatal("the key is not revoked")
		}
		var resp ephemeral.CloseResponse
		e.Close(t.Context(), ephemeral.CloseRequest{}, &resp)
		if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail(), "The key is left behind") {
			t.Errorf("got %v", resp.Diagnostics)
		}
	}
}

// The key lives as long as the run, is restricted, and is in no state; no failure leaves a key on
// the server.
func TestAccEphemeral(t *testing.T) {
	w := inhabited(t)
	config := func(username, kind string) string { return ephemeralKey(username, kind, allow("198.51.100.0/24")) }
	workspace := w.NewWorkspace(t, config("idle", "MONITORING"))
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	revoked := w.Sim.Count(revokeOp)
	err := requests(w, map[string]int{generateOp: revoked, restrictOp: revoked})(nil)
	if err != nil || w.Sim.Count(generateOp) == 0 {
		t.Errorf("%d keys were issued: %v", w.Sim.Count(generateOp), err)
	}
	fails := func(words string) {
		t.Helper()
		output := workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve")
		if !acctest.Words(words).MatchString(output) {
			t.Errorf("not found: %s\n%s", words, output)
		}
		if err := keysOf(w, "idle")(nil); err != nil {
			t.Error(err)
		}
	}
	w.Sim.Inject(restrictOp, broken)
	fails("not now")
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
	w.Sim.Inject(getOp, simkit.Fault{Skip: 1, Times: 5, Status: 502})
	fails("It is not known whether the key was issued")
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter}) // rotated, used, revoked
	workspace.MustRun(t, 0, "apply", "-auto-approve")
	if err := keysOf(w, "idle")(nil); err != nil {
		t.Error(err)
	}
	workspace.Write(t, config("grafana_reader", "MONITORING"))
	fails("The key may be left from a run that crashed before it could revoke its key")
	workspace.Write(t, config("grafana_reader", "PROVISIONING"))
	fails("the role READ_ONLY of grafana_reader allows no API key of type PROVISIONING")
	state, err := os.ReadFile(filepath.Join(workspace.Dir, "terraform.tfstate"))
	for _, issued := range w.Sim.Keys() {
		if strings.Contains(string(state), issued) || err != nil {
			t.Fatalf("a key is in state (%v)", err)
		}
	}
}

// The response to generate is lost, and rotate does not exist: the key is revoked.
func TestAccEphemeral_lostGenerateNoRotate(t *testing.T) {
	w := inhabited(t)
	workspace := w.NewWorkspace(t, ephemeralKey("idle", "MONITORING"))
	w.Sim.Inject(generateOp, simkit.Fault{Drop: simkit.DropAfter})
	const missing = `{"status":404,"message":"HTTP 404 Not Found"}`
	w.Sim.Inject(rotateOp, simkit.Fault{Times: -1, Status: http.StatusNotFound, Body: missing})
	workspace.MustRun(t, 1, "apply", "-no-color", "-auto-approve")
	if err := keysOf(w, "idle")(nil); err != nil {
		t.Error(err)
	}
}

// The example of the documentation applies from an empty server at once, and leaves no key.
func TestAccEphemeral_example(t *testing.T) {
	w := server(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "ephemeral-resources", keyType,
		"ephemeral-resource.tf"))
	if err != nil {
		t.Fatal(err)
	}
	workspace := w.NewWorkspace(t, string(text))
	for _, args := range [][]string{{"apply", "-auto-approve"}, {"plan", "-detailed-exitcode"}} {
		issued := w.Sim.Count(generateOp)
		workspace.MustRun(t, 0, args...)
		if err := keysOf(w, "terraform_run")(nil); err != nil || w.Sim.Count(generateOp) == issued {
			t.Errorf("%v: %d keys were issued, %v", args, w.Sim.Count(generateOp)-issued, err)
		}
	}
	// A user name that is known before the user exists can't work: the error says so.
	workspace.Write(t, strings.Replace(string(text), userType+".run.id", `"another_run"`, 1))
	if output := workspace.MustRun(t, 1, "plan", "-no-color"); !acctest.Words(
		"username = svcacct_instaclustr_service_user.NAME.id").MatchString(output) ||
		strings.Contains(output, "state rm") {
		t.Errorf("the advice is wrong:\n%s", output)
	}
}

// Another key of the type, which somebody issued during the run, is not revoked at its end.
func TestAccEphemeral_replacedMeanwhile(t *testing.T) {
	w := inhabited(t)
	body := ephemeralKey("idle", "MONITORING") + "resource \"terraform_data\" \"job\" {\n  provisioner " +
		"\"local-exec\" {\n    command = \"sleep 3\"\n    environment = { KEY = ephemeral." + keyType +
		".test.api_key }\n  }\n}\n"
	workspace := w.NewWorkspace(t, body)
	go func() {
		for w.Sim.Count(generateOp) < 2 { // of the plan, and of the apply
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(time.Second)
		w.Sim.RotateKey("idle", "MONITORING")
	}()
	output := workspace.MustRun(t, 0, "apply", "-auto-approve", "-no-color")
	if !acctest.Words("API key replaced elsewhere").MatchString(output) {
		t.Errorf("no warning:\n%s", output)
	}
	if err := keysOf(w, "idle", "MONITORING")(nil); err != nil {
		t.Error(err)
	}
}

// A key that can't be revoked at the end of a run is reported, and blocks the next run.
func TestAccEphemeral_revocationFails(t *testing.T) {
	w := inhabited(t)
	workspace := w.NewWorkspace(t, ephemeralKey("idle", "MONITORING"))
	w.Sim.Inject(revokeOp, broken)
	for _, words := range []string{
		"The key of this run is left behind, and works", "there is an API key of this type already",
	} {
		if output := workspace.MustRun(t, 1, "plan", "-no-color"); !acctest.Words(words).MatchString(output) {
			t.Errorf("not found: %s\n%s", words, output)
		}
		if err := keysOf(w, "idle", "MONITORING")(nil); err != nil {
			t.Error(err)
		}
	}
}
