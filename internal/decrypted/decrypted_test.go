package decrypted_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/svcacct/terraform-provider-svcacct/internal/acctest"
	"github.com/svcacct/terraform-provider-svcacct/internal/acctest/secretstore"
	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/decrypted"
	"github.com/svcacct/terraform-provider-svcacct/internal/sealed"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/wavefrontsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// The owners of the recipients of the tests.
var alice, bob = newOwner(), newOwner()

type owner struct{ identity, recipient string }

func newOwner() owner {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		panic(err)
	}
	return owner{identity.String(), identity.Recipient().String()}
}

// runs is the folder in which the CLI runs during the tests.
var runs string

// TestMain lets the CLIs run in a folder of this package, and gives the provider alice's identity.
func TestMain(m *testing.M) {
	var err error
	runs, err = os.MkdirTemp("", "decrypted")
	if err != nil {
		panic(err)
	}
	_ = os.Setenv("TF_ACC_TEMP_DIR", runs)
	_ = os.Setenv("SVCACCT_AGE_IDENTITY", alice.identity)
	code := m.Run()
	_ = os.RemoveAll(runs)
	os.Exit(code)
}

func encrypted(t *testing.T, key string, to ...owner) string {
	t.Helper()
	var recipients []sealed.Recipient
	for _, o := range to {
		recipient, err := sealed.ParseRecipient(o.recipient)
		if err != nil {
			t.Fatal(err)
		}
		recipients = append(recipients, recipient)
	}
	text, err := sealed.Seal(transport.NewSecret(key), recipients)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// open opens the ephemeral resource with a configuration and an environment. It returns api_key, or "null".
func open(t *testing.T, attributes map[string]tftypes.Value, env map[string]string) (string, []string) {
	t.Helper()
	r := decrypted.New(func(name string) string { return env[name] })()
	var described ephemeral.SchemaResponse
	r.Schema(t.Context(), ephemeral.SchemaRequest{}, &described)
	kind := described.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, of := range kind.AttributeTypes {
		values[name] = tftypes.NewValue(of, nil)
	}
	maps.Copy(values, attributes)
	raw := tftypes.NewValue(kind, values)
	resp := ephemeral.OpenResponse{Result: tfsdk.EphemeralResultData{
		Schema: described.Schema, Raw: tftypes.NewValue(kind, nil),
	}}
	r.Open(t.Context(), ephemeral.OpenRequest{Config: tfsdk.Config{Schema: described.Schema, Raw: raw}}, &resp)
	messages := []string{}
	for _, d := range resp.Diagnostics {
		messages = append(messages, d.Severity().String()+": "+d.Summary()+": "+d.Detail())
	}
	if resp.Diagnostics.HasError() {
		return "", messages
	}
	result := map[string]tftypes.Value{}
	if err := resp.Result.Raw.As(&result); err != nil {
		t.Fatal(err)
	}
	key := "null"
	if !result["api_key"].IsNull() {
		_ = result["api_key"].As(&key)
	}
	return key, messages
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func TestOpen(t *testing.T) {
	const key = "key-0123456789"
	carol := newOwner()
	ciphertext := encrypted(t, key, alice, bob)
	file := filepath.Join(t.TempDir(), "identity")
	if err := os.WriteFile(file, []byte("# carol, bob\n"+carol.identity+"\n"+bob.identity+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const variable, fileVariable = "SVCACCT_AGE_IDENTITY", "SVCACCT_AGE_IDENTITY_FILE"
	recipients := tftypes.NewValue(tftypes.List{ElementType: tftypes.String},
		[]tftypes.Value{text(alice.recipient), text(carol.identity)})
	all := map[string]tftypes.Value{"encrypted_api_key": text(ciphertext), "age_recipients": recipients}
	with := func(identity string) map[string]tftypes.Value {
		attributes := maps.Clone(all)
		attributes["identity"] = text(identity)
		return attributes
	}
	kinds := "The key is encrypted to recipients of the kinds: X25519.\n\nAccording to age_recipients, these are: " +
		alice.recipient + "."
	const failed = "Error: Unable to decrypt the API key: "
	for name, test := range map[string]struct {
		attributes map[string]tftypes.Value
		env        map[string]string
		want       string
		messages   []string // each by its beginning
	}{
		"identity":                 {with(bob.identity), nil, key, nil},
		"several":                  {with(carol.identity + "\n" + alice.identity), nil, key, nil},
		"the variable":             {all, map[string]string{variable: alice.identity}, key, nil},
		"the file":                 {all, map[string]string{fileVariable: file}, key, nil},
		"empty, the file":          {with(""), map[string]string{fileVariable: file}, key, nil},
		"identity before variable": {with(bob.identity), map[string]string{variable: "x"}, key, nil},
		"variable before file":     {all, map[string]string{variable: bob.identity, fileVariable: "/none"}, key, nil},
		"no key": {
			nil, nil, "null", []string{"Warning: No key to decrypt: encrypted_api_key is null"},
		},
		"no key, a damaged identity": {
			map[string]tftypes.Value{"identity": text("x")}, nil, "null", []string{"Warning: "},
		},
		"no identity": {
			all, nil, "",
			[]string{failed + "No identity is set. Set identity, " + variable + " or " + fileVariable + ".\n\n" +
				kinds},
		},
		"another identity": {
			with(carol.identity), nil, "",
			[]string{
				failed + "None of the identities in identity opens the key. Their recipients are: " + carol.recipient +
					".\n\n" + kinds,
			},
		},
		"another identity in the variable": {
			all, map[string]string{variable: carol.identity}, "",
			[]string{failed + "None of the identities in " + variable + " opens the key. Their recipients are: " +
				carol.recipient},
		},
		"a damaged identity": {
			with("hunter2"), nil, "",
			[]string{"Error: Invalid identity: The value of identity is not valid: line 1 is not an identity of age"},
		},
		"no file": {
			all, map[string]string{fileVariable: "/none"}, "",
			[]string{"Error: Unable to read the identity: " + fileVariable + ": open /none"},
		},
		"a damaged key": {
			map[string]tftypes.Value{"encrypted_api_key": text("hunter2"), "identity": text(alice.identity)}, nil, "",
			[]string{failed + "encrypted_api_key can't be read: it is not an armored text of age"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, messages := open(t, test.attributes, test.env)
			if got != test.want || !slices.EqualFunc(messages, test.messages, strings.HasPrefix) {
				t.Errorf("got %q, %q", got, messages)
			}
			for _, secret := range []string{key, ciphertext[30:60], carol.identity, alice.identity, bob.identity,
				"hunter2"} {
				if strings.Contains(fmt.Sprint(messages), secret) {
					t.Errorf("shown: %q", messages)
				}
			}
		})
	}
}

// consumer is the configuration of the secret manager: it gets the key of the resource at an address.
func consumer(address string) string {
	return fmt.Sprintf(`
ephemeral "svcacct_decrypted_api_key" "ci" {
  encrypted_api_key = %[1]s.encrypted_api_key
}

resource "secretstore_secret" "ci" {
  name             = "ci"
  value_wo         = ephemeral.svcacct_decrypted_api_key.ci.api_key
  value_wo_version = %[1]s.key_version
}
`, address)
}

// withStore returns a test case with the secret manager, for CLIs with write-only arguments.
func withStore(server *acctest.Server, store *secretstore.Store, steps ...resource.TestStep) resource.TestCase {
	for i := range steps {
		steps[i].Config = server.Config(steps[i].Config)
	}
	factories := acctest.Factories(server.Clock)
	factories[secretstore.Name] = providerserver.NewProtocol6WithError(secretstore.New(store)())
	return resource.TestCase{
		Steps: steps, ProtoV6ProviderFactories: factories,
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)},
	}
}

// found returns the files of the running CLIs that have a text, also in members of an archive, as saved plans
// are.
func found(t *testing.T, wanted string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(runs, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // another test removes its files
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil //nolint:nilerr // as above
		}
		if bytes.Contains(decoded(decoded(unpacked(content))), []byte(wanted)) {
			files = append(files, filepath.Base(path))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return files
}

var base64Text = regexp.MustCompile(`[A-Za-z0-9+/]{16,}={0,2}`)

// decoded adds to a content what its base64 texts hold: private state is encoded twice.
func decoded(content []byte) []byte {
	all := bytes.Clone(content)
	for _, text := range base64Text.FindAll(content, -1) {
		if plain, err := base64.StdEncoding.DecodeString(string(text)); err == nil {
			all = append(append(all, '\n'), plain...)
		}
	}
	return all
}

// unpacked returns the files of a saved plan, and any other content as it is.
func unpacked(content []byte) []byte {
	files, err := cli.PlanFiles(content)
	if err != nil {
		return content
	}
	return bytes.Join(slices.Collect(maps.Values(files)), nil)
}

// hidden checks that no file of the CLI, its saved plan among them, has one of the keys.
func hidden(t *testing.T, keys func() []string) func() {
	return func() {
		for i, key := range keys() {
			if files := found(t, key); len(files) > 0 {
				t.Errorf("key %d is in %v", i, files)
			}
		}
	}
}

// delivered checks that the secret manager has the live key, and how often it was written.
func delivered(store *secretstore.Store, alive func(string) bool, writes int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		key, ok := store.Secret("ci")
		if !ok || !alive(key) || store.Writes() != writes {
			return fmt.Errorf("has a key: %t, it works: %t, writes: %d, want %d", ok, alive(key), store.Writes(),
				writes)
		}
		return nil
	}
}

const token = "svcacct_wavefront_service_account_token.ci"

func tokenConfig(attributes ...string) string {
	return fmt.Sprintf("resource \"svcacct_wavefront_service_account\" \"ci\" {\n  identifier = \"sa::ci\"\n}\n\n"+
		"resource \"svcacct_wavefront_service_account_token\" \"ci\" {\n  service_account = "+
		"svcacct_wavefront_service_account.ci.id\n  name = \"deploy\"\n  %s\n}\n", strings.Join(attributes, "\n  ")) +
		consumer(token)
}

func to(owners ...owner) string {
	var texts []string
	for _, o := range owners {
		texts = append(texts, fmt.Sprintf("%q", o.recipient))
	}
	return "age_recipients = [" + strings.Join(texts, ", ") + "]"
}

// From mint to the secret manager: at each step the consumer has the live key, and neither state nor plan has
// it. Wavefront returns keys again: other recipients rotate nothing, and the version stays.
func TestAccKeyReachesTheConsumer(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.Simulated(t, "the test reads the keys that the simulator has")
	var store secretstore.Store
	search := hidden(t, w.Sim.Tokens)
	planned := func() {
		search()
		if files := found(t, "sa::ci"); !slices.Contains(files, "tfplan") {
			t.Errorf("the search does not see the plan, but %v", files)
		}
	}
	step := func(config string, writes int, checks ...plancheck.PlanCheck) resource.TestStep {
		return resource.TestStep{
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: append(checks, acctest.During(planned))},
			Check: resource.ComposeTestCheckFunc(delivered(&store, w.Sim.TokenAlive, writes),
				func(*terraform.State) error {
					search()
					state, private := found(t, "BEGIN AGE ENCRYPTED FILE"), found(t, `{"current":"`)
					if len(state) == 0 || len(private) == 0 { // the fingerprints of the keys are in private state
						t.Errorf("the search sees the state %t, the private state %t", len(state) > 0, len(private) > 0)
					}
					return nil
				}),
		}
	}
	const overlap, v1, v2 = `overlap = "24h"`, `keepers = { v = "1" }`, `keepers = { v = "2" }`
	acctest.Run(t, w.Clock, withStore(&w.Server, &store,
		step(tokenConfig(overlap, v1, to(alice)), 1),
		step(tokenConfig(overlap, v2, to(alice)), 2, acctest.UnknownAfter(token, "encrypted_api_key",
			"encrypted_previous_api_key", "expires_at", "key_version", "previous_expires_at", "rotated_at")),
		step(tokenConfig(overlap, v2, to(alice, bob)), 2,
			acctest.UnknownAfter(token, "encrypted_api_key", "encrypted_previous_api_key")),
		step(tokenConfig(overlap, v2, to(bob, alice)), 2, plancheck.ExpectEmptyPlan()),
		resource.TestStep{ // a replacement
			Config: tokenConfig(overlap, v2, to(alice)), Taint: []string{token},
			Check: resource.ComposeTestCheckFunc(delivered(&store, w.Sim.TokenAlive, 3), func(*terraform.State) error {
				search()
				return nil
			}),
		},
	))
}

const account = "svcacct_waldur_customer_service_account.ci"

func accountConfig(w *acctest.Waldur, attributes ...string) string {
	return fmt.Sprintf("resource \"svcacct_waldur_customer_service_account\" \"ci\" {\n  customer_uuid = %q\n  "+
		"preferred_identifier = \"ci\"\n  %s\n}\n", w.Customer, strings.Join(attributes, "\n  ")) + consumer(account)
}

// Where the server returns a key once: the key in state is encrypted without a rotation, other recipients
// rotate, and an imported account has no key until its first rotation, which the consumer gets.
func TestAccRecipientsOfAKeyReturnedOnce(t *testing.T) {
	w := acctest.NewWaldur(t, waldursim.Options{})
	w.Simulated(t, "reads the keys of the simulator")
	w.Sim.AddCustomerServiceAccount(waldursim.ServiceAccount{
		Scope: w.Customer, Username: "svc-old", PreferredIdentifier: "old",
	})
	var store secretstore.Store
	var plain, version string
	alive := func(key string) bool {
		return slices.ContainsFunc(w.Sim.ServiceAccounts(), func(a waldursim.ServiceAccount) bool {
			return slices.Contains(w.Sim.LiveKeys(a.Username), key)
		})
	}
	rotated := acctest.UnknownAfter(account, "encrypted_api_key", "expires_at", "key_version", "rotated_at")
	has := func(attribute, want string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr(account, attribute, want)
	}
	uuid := w.Sim.ServiceAccounts()[0].UUID
	imported := strings.NewReplacer(`"ci" {`+"\n  customer", `"old" {`+"\n  customer", `identifier = "ci"`,
		`identifier = "old"`, ".ci.", ".old.").
		Replace(accountConfig(w, to(alice), `keepers = { v = "1" }`))
	imported = strings.ReplaceAll(imported, "ephemeral.svcacct_decrypted_api_key.old",
		"ephemeral.svcacct_decrypted_api_key.ci")
	imported += fmt.Sprintf("import {\n  to = svcacct_waldur_customer_service_account.old\n  id = %q\n}\n", uuid)
	removed := "removed {\n  from = svcacct_waldur_customer_service_account.ci\n  lifecycle {\n    destroy = " +
		"false\n  }\n}\n"
	acctest.Run(t, w.Clock, withStore(&w.Server, &store,
		resource.TestStep{ // in the clear, and nothing to decrypt
			Config: accountConfig(w), Check: resource.ComposeTestCheckFunc(
				acctest.Remember(account, "api_key", &plain), acctest.Remember(account, "key_version", &version),
			),
		},
		resource.TestStep{
			Config: accountConfig(w, to(bob, alice)),
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate,
				acctest.UnknownAfter(account, "encrypted_api_key")),
			Check: resource.ComposeTestCheckFunc(
				acctest.Unchanged(account, "key_version", &version), resource.TestCheckNoResourceAttr(account,
					"api_key"),
				func(*terraform.State) error {
					if !alive(plain) {
						return fmt.Errorf("the key was rotated")
					}
					return nil
				},
			),
		},
		resource.TestStep{
			Config:           accountConfig(w, to(alice)),
			ConfigPlanChecks: acctest.Planned(account, plancheck.ResourceActionUpdate, rotated),
			Check:            resource.ComposeTestCheckFunc(delivered(&store, alive, 2), has("age_recipients.#", "1")),
		},
		resource.TestStep{
			Config: removed + imported,
			Check: resource.TestCheckNoResourceAttr("svcacct_waldur_customer_service_account.old",
				"encrypted_api_key"),
		},
		resource.TestStep{
			Config: strings.ReplaceAll(imported, `v = "1"`, `v = "2"`),
			Check:  delivered(&store, alive, 4), // null at the import
		},
	))
}

// A key that is rotated for its new recipients reaches the consumer in the same apply, and is in no file.
func TestAccInstaclustrKeyReachesTheConsumer(t *testing.T) {
	const key = "svcacct_instaclustr_service_user_api_key.ci"
	w := acctest.NewInstaclustr(t, instaclustrsim.Options{})
	w.Simulated(t, "the test reads the keys that the simulator has")
	var store secretstore.Store
	search := hidden(t, func() []string { // the provider's own key is in the configuration
		own := w.Settings["api_key"]
		return slices.DeleteFunc(w.Sim.Keys(), func(secret string) bool { return secret == own })
	})
	alive := func(secret string) bool { return w.Sim.KeyAlive("ci", secret) }
	configuration := func(attribute string) string {
		return "resource \"svcacct_instaclustr_service_user\" \"ci\" {\n  username = \"ci\"\n  email = " +
			"\"ci@acme.example\"\n  role = \"CLUSTER_ADMIN\"\n}\n\nresource " +
			"\"svcacct_instaclustr_service_user_api_key\" \"ci\" {\n  username = " +
			"svcacct_instaclustr_service_user.ci.username\n  key_type = \"MONITORING\"\n  " + attribute + "\n}\n" +
			consumer(key)
	}
	acctest.Run(t, w.Clock, withStore(&w.Server, &store,
		resource.TestStep{Config: configuration(to(alice)), Check: delivered(&store, alive, 1)},
		resource.TestStep{
			Config: configuration(to(alice, bob)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				acctest.UnknownAfter(key, "encrypted_api_key", "expires_at", "key_version", "rotated_at"),
				acctest.During(search),
			}},
			Check: resource.ComposeTestCheckFunc(delivered(&store, alive, 2), func(*terraform.State) error {
				search()
				return nil
			}),
		},
	))
}

// Invalid lists are refused at plan. A private key is not shown, not even with its line.
func TestAccRecipientsAreRefused(t *testing.T) {
	w := acctest.NewWavefront(t, wavefrontsim.Options{})
	w.Simulated(t, "the test reads the keys that the simulator has")
	workspace := w.NewWorkspace(t, "")
	for _, test := range []struct{ attributes, want string }{
		{`age_recipients = ["` + alice.identity + `"]`, "Element 1 of age_recipients is a private key"},
		{`age_recipients = ["` + alice.recipient + `", "age1x"]`, "Element 2 of age_recipients is not the public key"},
		{to(alice) + "\n  store_api_key = false", "the state holds no key"},
	} {
		config, _, _ := strings.Cut(tokenConfig(test.attributes), "ephemeral")
		workspace.Write(t, config)
		output := workspace.MustRun(t, 1, "plan", "-no-color")
		if !acctest.Words(test.want).MatchString(output) || strings.Contains(output, alice.identity[:30]) {
			t.Errorf("want %s:\n%s", test.want, output)
		}
	}
}

// The configurations of the guide apply, with stand-ins for the providers of the secret managers, which have the
// arguments that the guide uses. Each gets the live key.
func TestAccGuide(t *testing.T) {
	const folder = "../../examples/guides/secrets/"
	key, err := os.ReadFile(folder + "key.tf")
	if err != nil {
		t.Fatal(err)
	}
	consumers, err := filepath.Glob(folder + "*.tf")
	if err != nil || len(consumers) < 4 {
		t.Fatalf("found %d files (%v)", len(consumers), err)
	}
	parts := []string{regexp.MustCompile(`age1[0-9a-z]+`).ReplaceAllString(string(key), bob.recipient)}
	for _, file := range consumers {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(file) != "key.tf" {
			parts = append(parts, string(text))
		}
	}
	server, live := onWaldur(t)
	handsOn(t, server, strings.Join(parts, "\n"), live, func(key string) map[string]string {
		return map[string]string{
			"vault_kv_secret_v2": `{"api_key":"` + key + `"}`, "aws_secretsmanager_secret_version": key,
			"kubernetes_secret_v1": key,
		}
	})
}

// handsOn applies a configuration with the stand-ins, and checks what they got of the live key.
func handsOn(
	t *testing.T, server *acctest.Server, text string, key func() string, want func(key string) map[string]string,
) {
	t.Helper()
	server.Simulated(t, "the text names what the simulator has")
	var got written
	c := withStore(server, &secretstore.Store{}, resource.TestStep{
		Config:          text,
		ConfigVariables: config.Variables{"age_identity": config.StringVariable(bob.identity)},
		Check: func(*terraform.State) error {
			if !maps.Equal(got.values, want(key())) {
				return fmt.Errorf("not all of the consumers have the live key: %v",
					slices.Sorted(maps.Keys(got.values)))
			}
			return nil
		},
	})
	maps.Copy(c.ProtoV6ProviderFactories, standIns(&got))
	acctest.Run(t, server.Clock, c)
}

// blocks returns the configurations that the page of a resource shows before its schema, without the block terraform:
// the test has another, with the stand-ins.
func blocks(t *testing.T, name string) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/resources/" + name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(page), "## Schema")
	var found []string
	for _, block := range regexp.MustCompile("(?s)```terraform\n(.*?)```").FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(block[1], "terraform {") {
			found = append(found, block[1])
		}
	}
	return strings.Join(found, "\n")
}

// What the page of each resource with a key shows applies, and each of the consumers gets the live key.
func TestAccPageHandsOnTheKey(t *testing.T) {
	for name, start := range map[string]func(*testing.T) (server *acctest.Server, key func() string){
		"waldur_customer_service_account": onWaldur, "waldur_project_service_account": onWaldur,
		"wavefront_service_account_token": func(t *testing.T) (*acctest.Server, func() string) {
			w := acctest.NewWavefront(t, wavefrontsim.Options{})
			return &w.Server, func() string {
				tokens := w.Sim.LiveTokens("sa::ci") // the page has a second token
				isDeploy := func(t wavefrontsim.Token) bool { return t.Name == "deploy" }
				return tokens[slices.IndexFunc(tokens, isDeploy)].ID
			}
		},
		"instaclustr_service_user_api_key": func(t *testing.T) (*acctest.Server, func() string) {
			w := acctest.NewInstaclustr(t, instaclustrsim.Options{})
			return &w.Server, func() string { return w.Sim.Secret("ci_pipeline", instaclustrsim.Provisioning) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, key := start(t)
			handsOn(t, server, blocks(t, name), key, func(key string) map[string]string {
				return map[string]string{
					"vault_kv_secret_v2": `{"api_key":"` + key + `"}`, "kubernetes_secret_v1": key,
					"github_actions_secret": key, "gitlab_project_variable": key,
				}
			})
		})
	}
}

// onWaldur returns a server, and the live key of its only account.
func onWaldur(t *testing.T) (*acctest.Server, func() string) {
	t.Helper()
	w := acctest.NewWaldur(t, waldursim.Options{})
	return &w.Server, func() string { return w.Sim.LiveKeys(w.Sim.ServiceAccounts()[0].Username)[0] }
}
