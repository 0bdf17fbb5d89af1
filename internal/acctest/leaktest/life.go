// Package leaktest looks for secrets in all that the provider and the CLI write. A script for each system
// runs the whole life of all that the provider serves, with a real CLI that logs at TRACE, the provider as
// it ships and simulators with faults. After each command it searches the output, the logs, and all files
// that the command has written, for all forms of each key that was ever issued and of the provider's own
// credentials. The only allowed places are the values of sensitive attributes in states and plans.
package leaktest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"filippo.io/age"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/instaclustrsim"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// Finding is a secret in a place that is not allowed.
type Finding struct {
	Place  string // the file, or the output of a command
	Secret string // the name of the secret
	Form   string
	Before string // the text before it, without secrets
}

func (f Finding) String() string {
	return fmt.Sprintf("%s (%s) is in %s, after: %q", f.Secret, f.Form, f.Place, f.Before)
}

// Call is a call of the provider that the log has, such as ReadResource of a resource type.
type Call struct{ RPC, Type string }

// Report is what the life of a system has shown.
type Report struct {
	Findings []Finding
	Secrets  int // that were searched
	Allowed  int // places of secrets that are allowed
	Bytes    int // that were searched
	Calls    map[Call]bool
	Commands int
	schemas  schemas
}

// life is the run of one script.
type life struct {
	Report
	ctx        context.Context
	folder     string // of the script and its configurations
	provider   string // the program
	system     *world.System
	world      *world.World
	credential string              // of the provider, in the system
	identity   *age.X25519Identity // for keys that are encrypted
	workspace  *cli.Workspace
	log        string // the file
	nowhere    bool   // no place is allowed
	output     string // of the last command
	written    []byte // output and log of the last command
	seen       map[string][sha256.Size]byte
}

// Live plays a script in a folder that is empty and has nothing but this life. The name of the script's
// folder is that of the system. Provider is a program that nobody else runs; tool is the CLI.
func Live(ctx context.Context, dir, tool, provider, script string) (*Report, error) {
	text, err := os.ReadFile(script)
	if err != nil {
		return nil, err
	}
	simulators, err := world.New(world.Settings{
		MaxServiceAccounts: 50,
		// The options with which the provider has most to do with keys.
		Instaclustr: instaclustrsim.Options{InitialKeys: "all", RotateKeepsAllowList: "false", OnDowngrade: "keep"},
	})
	if err != nil {
		return nil, err
	}
	defer simulators.Close()
	l := &life{
		ctx: ctx, folder: filepath.Dir(script), provider: provider, world: simulators,
		log: filepath.Join(dir, "log"), seen: map[string][sha256.Size]byte{},
	}
	l.Calls = map[Call]bool{}
	for _, s := range simulators.Systems() {
		if strings.EqualFold(s.Name, filepath.Base(l.folder)) {
			l.system = s
		}
	}
	if l.system == nil {
		return nil, fmt.Errorf("%s is in the folder of no system", script)
	}
	if l.credential = l.setting("_TOKEN"); l.credential == "" {
		l.credential = l.setting("_API_KEY")
	}
	if l.identity, err = age.GenerateX25519Identity(); err != nil {
		return nil, err
	}
	temporary := filepath.Join(dir, "run", "tmp")
	if err := os.MkdirAll(temporary, 0o700); err != nil {
		return nil, err
	}
	environment := append(simulators.Environment(), "TF_VAR_credential="+l.credential,
		"TF_VAR_identity="+l.identity.String(), "TF_VAR_recipient="+l.identity.Recipient().String(),
		"TF_LOG=TRACE", "TF_LOG_PATH="+l.log, "TMPDIR="+temporary)
	l.workspace, err = cli.New(filepath.Dir(temporary), tool, provider, environment...)
	if err != nil {
		return nil, err
	}
	return &l.Report, l.playAll(string(text))
}

// setting returns the value of the setting of the system whose name ends so; "": there is none.
func (l *life) setting(suffix string) string {
	prefix := map[string]string{"Waldur": "WALDUR_", "Wavefront": "WAVEFRONT_", "Instaclustr": "IC_"}[l.system.Name]
	for _, variable := range l.world.Environment() {
		name, value, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
			return value
		}
	}
	return ""
}

func (l *life) playAll(script string) error {
	version, _, err := l.workspace.Run(l.ctx, "version")
	if err != nil {
		return err
	}
	var minor int
	_, _ = fmt.Sscanf(version, "Terraform v1.%d.", &minor) // stays 0 for OpenTofu
	steps, err := parseScript(script, minor)
	for i := 0; err == nil && i < len(steps); i++ {
		if err = l.play(steps[i]); err != nil {
			err = fmt.Errorf("line %d: %w", steps[i].line, err)
		}
	}
	l.Secrets = len(l.secrets())
	return err
}

// secrets returns all keys that were issued, the credentials of the provider, and the identity that opens
// encrypted keys.
func (l *life) secrets() []Secret {
	all := []Secret{{"the identity", l.identity.String()}}
	for _, s := range l.world.Systems() {
		for i, key := range s.IssuedKeys() {
			all = append(all, Secret{fmt.Sprintf("key %d of %s %s", i+1, s.Name, key.Account), key.Secret})
		}
	}
	for _, variable := range l.world.Environment() {
		name, value, _ := strings.Cut(variable, "=")
		if strings.HasSuffix(name, "_TOKEN") || strings.HasSuffix(name, "_API_KEY") {
			all = append(all, Secret{name, value})
		}
	}
	return all
}

// run runs a command of the CLI, and searches all that it wrote. It needs the schemas, which the first
// init brings.
func (l *life) run(succeeds bool, args []string) error {
	l.Commands++
	command := fmt.Sprintf("command %d, %s", l.Commands, strings.Join(args, " "))
	output, code, err := l.workspace.Run(l.ctx, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", command, err)
	}
	if (code == 0) != succeeds {
		return fmt.Errorf("%s ended with %d:\n%s", command, code, output)
	}
	if args[0] == "init" {
		shown, _, err := l.workspace.Run(l.ctx, "providers", "schema", "-json")
		if err != nil {
			return err
		}
		if l.schemas, err = parseSchemas([]byte(shown)); err != nil {
			return fmt.Errorf("providers schema -json: %w: %.2000s", err, shown)
		}
	}
	n, err := newNeedles(l.secrets())
	if err != nil {
		return err
	}
	if err := l.search(n, "the output of "+command, []byte(output)); err != nil {
		return err
	}
	if err := l.searchLog(n, command, output); err != nil {
		return err
	}
	return l.searchFiles(n, command)
}

// search reports the first finding of each secret in a place, so that a leak is readable.
func (l *life) search(n *needles, place string, text []byte) error {
	parts, err := l.schemas.document(place, text)
	for _, p := range parts {
		l.Bytes += len(p.text)
		found := map[string]bool{}
		for _, h := range n.in(p.text) {
			switch {
			case !l.nowhere && p.allowed != nil && p.allowed(h):
				l.Allowed++
			case !found[h.secret]:
				found[h.secret] = true
				before := n.without(p.text[max(0, h.at-300):h.at])
				l.Findings = append(l.Findings, Finding{p.place, h.secret, h.form, before})
			}
		}
	}
	return err
}

func (l *life) searchLog(n *needles, command, output string) error {
	text, err := os.ReadFile(l.log)
	if err != nil {
		return err
	}
	for line := range bytes.Lines(text) {
		if rpc, of := rpcInLog.FindSubmatch(line), typeInLog.FindSubmatch(line); rpc != nil && of != nil {
			l.Calls[Call{string(rpc[1]), string(of[1])}] = true
		}
	}
	l.output, l.written = output, append([]byte(output), text...)
	if err := l.search(n, "the log of "+command, text); err != nil {
		return err
	}
	return os.Remove(l.log)
}

var (
	rpcInLog  = regexp.MustCompile(`\btf_rpc=(\w+)`)
	typeInLog = regexp.MustCompile(`\btf_(?:resource|data_source|ephemeral_resource|list_resource|action)_type=(\w+)`)
)

// searchFiles searches the files that are new or changed: states and their backups, plans, crash logs and
// whatever else a command leaves behind. The provider itself is left out.
func (l *life) searchFiles(n *needles, command string) error {
	return filepath.WalkDir(l.workspace.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".mirror" || entry.Name() == "providers") {
			return filepath.SkipDir
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(text); l.seen[path] != sum {
			l.seen[path] = sum
			name, _ := filepath.Rel(l.workspace.Dir, path) // it is below
			return l.search(n, name+" after "+command, text)
		}
		return nil
	})
}
