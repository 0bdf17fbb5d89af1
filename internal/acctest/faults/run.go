package faults

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// Verdict says how a case ended.
type Verdict string

// The verdicts.
const (
	Converged Verdict = "converged"
	Advised   Verdict = "converged after advice"
	Violation Verdict = "violation"
)

// Result is what a case has shown.
type Result struct {
	Verdict  Verdict
	Problems []string
	Followed []string // advice
	Output   string   // of all commands, without keys
	Took     time.Duration
}

// run is a case on its way.
type run struct {
	*bench
	ctx      context.Context
	c        Case
	version  version
	args     []string
	excepted []simkit.Key // keys that are not told again
	result   Result
	said     []string // by each command
}

// normalTimeout is that of requests that are not late.
const normalTimeout = "20s"

// Run runs a case in a world that was prepared. An error means that the case could not be run.
func (b *bench) Run(ctx context.Context, c Case, from prepared) (result Result, err error) {
	started := time.Now()
	r := &run{bench: b, ctx: ctx, c: c}
	if err = r.start(from); err == nil {
		if err = r.disturbed(); err == nil {
			err = r.converge()
		}
	}
	b.endProvider()
	if r.result.Verdict = Converged; len(r.result.Problems) > 0 {
		r.result.Verdict = Violation
	} else if len(r.result.Followed) > 0 {
		r.result.Verdict = Advised
	}
	r.result.Took = time.Since(started)
	r.result.Output = b.withoutKeys(strings.Join(r.said, "\n"))
	return r.result, err
}

// start puts the world and the folder into the state before the phase.
func (r *run) start(from prepared) error {
	r.version, r.args = r.c.phase.version, r.c.phase.args
	if !r.c.phase.created {
		from = prepared{}
	}
	if err := r.reset(from.requests); err != nil {
		return err
	}
	if !r.c.phase.known {
		from.state = nil
		r.excepted = r.live(r.c.resource)
	}
	if err := r.setState(from.state); err != nil {
		return err
	}
	if r.version.importID != "" {
		r.version.importID = r.c.resource.importID
	}
	return r.configure()
}

// configure writes the configuration.
func (r *run) configure() error {
	v := r.version
	if v.timeout = normalTimeout; r.c.kind != nil && r.c.kind.late > 0 {
		v.timeout = lateTimeout
	}
	return r.write(r.c.resource.config(r.world.IDs(), v))
}

// command runs the CLI and keeps what it writes.
func (r *run) command(args ...string) (output string, code int, err error) {
	started := time.Now()
	output, code, err = r.run(args...)
	r.said = append(r.said, fmt.Sprintf("$ %s\n%s[code %d after %d ms]", strings.Join(args, " "), output, code,
		time.Since(started).Milliseconds()))
	if errors.Is(err, context.DeadlineExceeded) && r.ctx.Err() == nil {
		r.problem("the command %s does not end", args[0])
		err = nil
	}
	return output, code, err
}

func (r *run) run(args ...string) (string, int, error) { return r.bench.run(r.ctx, args...) }

func (r *run) problem(format string, args ...any) {
	r.result.Problems = append(r.result.Problems, fmt.Sprintf(format, args...))
}

// crash is what no run may write, unless the provider is killed.
var crash = regexp.MustCompile(`Provider produced|panic:|plugin crashed|Plugin did not respond|inconsistent result|` +
	`This is a bug in the provider|unexpected new value`)

// disturbed runs the phase with the fault.
func (r *run) disturbed() error {
	system := r.simulator(r.c.resource.system)
	if r.c.kind.refused {
		r.fronts[r.c.resource.system].endAfter(r.c.number - 1)
	} else if err := r.c.inject(system, r.kill); err != nil {
		return err
	}
	if r.c.kind.logs {
		r.workspace.Setenv("TF_LOG", "TRACE")
		r.workspace.Setenv("TF_LOG_PATH", r.logPath())
		defer r.workspace.Setenv("TF_LOG_PATH", "")
		defer r.workspace.Setenv("TF_LOG", "")
	}
	output, _, err := r.command(r.args...)
	if err != nil {
		return err
	}
	if r.c.kind.kill != killNothing {
		time.Sleep(50 * time.Millisecond) // the provider sees that the CLI has gone
		r.endProvider()
	} else if found := crash.FindString(output); found != "" {
		r.problem("with the fault, the CLI says %q", found)
	}
	system.ClearFaults()
	if r.c.kind.late > 0 {
		time.Sleep(r.c.kind.late)
	}
	if !r.c.kind.refused && !slices.ContainsFunc(system.Requests(), disturbed) {
		r.problem("the fault hit no request: the phase did not send the requests that it sends without a fault")
	}
	if err := r.fronts[r.c.resource.system].reset(system); err != nil {
		return err
	}
	return r.kept()
}

func disturbed(request simkit.Request) bool { return request.Fault }

// logPath is the file of the log, for faults of which the log is searched for keys.
func (r *run) logPath() string { return filepath.Join(filepath.Dir(r.workspace.Dir), "log") }

// kill is called when a request gets its fault.
func (r *run) kill() {
	switch r.c.kind.kill {
	case killProvider:
		r.endProvider()
	case killCLI:
		r.endCLI()
	}
}

// kept checks what the fault has left: an object that exists did not leave the state; what the provider got
// a response about is in the state; and no key is in what the CLI and the provider wrote.
func (r *run) kept() error {
	of := r.c.resource
	state, err := r.state(of)
	if err != nil {
		return err
	}
	exists := len(r.made(of)) > 0
	if left := r.c.phase.gone && of.stays; r.c.phase.known && exists && !state.exists && !left {
		r.problem("after the fault, an object that exists is no longer in the state")
	}
	if r.allReceived() {
		if r.c.phase.name == "create" && exists && !state.exists {
			r.problem("after the fault, an object is not in the state, whose create had a response")
		}
		for _, key := range r.live(of) {
			if of.key && !r.c.phase.gone && !slices.Contains(state.keys, key.Secret) && !has(r.excepted, key.Secret) {
				r.problem("after the fault, a key of %s is not in the state, though its response arrived", key.Account)
			}
		}
	}
	text := strings.Join(r.said, "\n")
	if r.c.kind.logs {
		log, err := os.ReadFile(r.logPath())
		if err != nil {
			return err
		}
		text += string(log)
		if err := os.Remove(r.logPath()); err != nil {
			return err
		}
	}
	if r.withoutKeys(text) != text {
		r.problem("a key is in the output or in the log")
	}
	return nil
}

// issues is an operation that creates an object or issues a key.
var issues = regexp.MustCompile(`(?i)_create$|^create|^generate|rotate`)

// allReceived reports whether the provider got the response of each request that creates something, and was
// not killed.
func (r *run) allReceived() bool {
	if r.c.kind.kill != killNothing {
		return false
	}
	return !slices.ContainsFunc(r.simulator(r.c.resource.system).Requests(), func(request simkit.Request) bool {
		return request.Fault && issues.MatchString(request.Operation)
	})
}

// mostRounds is how often advice is followed.
const mostRounds = 5

// converge runs the phase without the fault, and then does what the messages say, until a plan is empty and
// the books agree with the state.
func (r *run) converge() error {
	output, code, err := r.command(r.args...)
	for round := 0; err == nil; round++ {
		if found := crash.FindString(output); found != "" {
			r.problem("without the fault, the CLI says %q", found)
		}
		changes, planErr := r.planned(code)
		if planErr != nil {
			return planErr
		}
		problems, checkErr := r.check(r.c.resource, r.c.phase.gone, r.excepted)
		if checkErr != nil {
			return checkErr
		}
		if code == 0 && changes == 0 && len(problems) == 0 {
			return nil
		}
		next, found := r.next()
		if round == mostRounds || !found {
			r.failed(code, changes, problems)
			return nil
		}
		r.result.Followed = append(r.result.Followed, next.do)
		if err := r.follow(next); err != nil {
			return err
		}
		output, code, err = r.command(r.args...)
	}
	return err
}

// planned makes a plan, if the last command has succeeded, and returns 2 if it has changes. A destroy has no
// plan: the state is compared with the books.
func (r *run) planned(code int) (changes int, err error) {
	if code != 0 || r.c.phase.gone {
		return 0, nil
	}
	_, changes, err = r.command("plan", "-detailed-exitcode", "-no-color", "-input=false")
	return changes, err
}

func (r *run) failed(code, changes int, problems []string) {
	switch {
	case code != 0:
		r.problem("without the fault, the command fails, and no message names a way out that helps")
	case changes != 0:
		r.problem("the last plan is not empty")
	}
	r.result.Problems = append(r.result.Problems, problems...)
}

// next returns the first advice in the newest texts that was not followed before.
func (r *run) next() (advice, bool) {
	state, err := r.state(r.c.resource)
	if err != nil {
		return advice{}, false
	}
	for _, output := range slices.Backward(r.said) {
		for _, a := range adviceIn(output) {
			again := count(r.result.Followed, a.do)
			switch {
			case again > 0 && a.do != doRunAgain, again > 1,
				a.do == doUntaint && !state.tainted,
				a.do == doForget && (!state.exists || len(r.made(r.c.resource)) > 0),
				a.do == doImport && state.exists,
				a.do == doInitial && !state.exists,
				// A provider that runs on knows that it may have generated a token, and must take care of it.
				a.do == doRevoke && r.c.kind.kill == killNothing,
				a.do == doRotate && (!r.c.resource.key || !state.exists):
			default:
				return a, true
			}
		}
	}
	return advice{}, false
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// follow does what a message says, so that the command can be run again.
func (r *run) follow(a advice) error {
	switch a.do {
	case doImport:
		r.version.importID = a.id
		return r.configure()
	case doUntaint:
		return r.must("untaint", "-no-color", r.c.resource.address())
	case doForget:
		return r.must("state", "rm", "-no-color", r.c.resource.address())
	case doRevoke:
		return r.revoke()
	case doInitial:
		r.version.initial = true
		return r.configure()
	case doRotate:
		r.version.keeper += 10
		if err := r.configure(); err != nil {
			return err
		}
		output, _, err := r.command("plan", "-no-color", "-input=false")
		if err == nil && !strings.Contains(output, "rotat") {
			r.problem("after a changed keeper, the plan does not announce the rotation")
		}
		return err
	}
	return nil
}

// must runs a command, whose failure is a problem.
func (r *run) must(args ...string) error {
	_, code, err := r.command(args...)
	if code != 0 {
		r.problem("the command %q fails", strings.Join(args, " "))
	}
	return err
}

// revoke revokes the tokens that the state does not have.
func (r *run) revoke() error {
	state, err := r.state(r.c.resource)
	if err != nil {
		return err
	}
	for _, key := range r.live(r.c.resource) {
		if !slices.Contains(state.keys, key.Secret) {
			account := strings.ReplaceAll(key.Account, ":", "%3A")
			target := "/api/v2/apitoken/serviceaccount/" + account + "/" + key.Secret
			request := sent{method: "DELETE", target: target, header: http.Header{}}
			request.replay(r.simulator(r.c.resource.system), "localhost", r.authorization(r.c.resource.system))
		}
	}
	return nil
}

// withoutKeys hides all keys, and the credentials of the provider, in a text.
func (b *bench) withoutKeys(text string) string {
	for _, s := range b.world.Systems() {
		for i, key := range s.IssuedKeys() {
			text = strings.ReplaceAll(text, key.Secret, fmt.Sprintf("(key %d)", i+1))
		}
	}
	for _, variable := range b.world.Environment() {
		name, value, _ := strings.Cut(variable, "=")
		if strings.HasSuffix(name, "_TOKEN") || strings.HasSuffix(name, "_API_KEY") {
			text = strings.ReplaceAll(text, value, "("+name+")")
		}
	}
	return text
}
