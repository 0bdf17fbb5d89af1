package leaktest

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// The script of a life has one step on each line, as verb and arguments:
//
//	use FILE...                       the configuration from now on: files beside the script
//	ok ARGUMENT...                    run the CLI, which succeeds
//	fails ARGUMENT...                 run the CLI, which fails
//	shows TEXT | TEXT                 the last command wrote one of the texts, or its log has it
//	fault TIMES KIND METHOD PATH BODY disturb the next requests of a method (or ANY) to a path
//	clear                             end all faults
//	env NAME VALUE                    a variable of the environment of the CLI; {key} is the newest key
//	nowhere                           from now on, no place is allowed: states hold no key in the clear
//	request METHOD PATH BODY          a request by somebody else, with the provider's credential
//
// A * in a PATH of a fault is any text. The KIND of a fault is the status of a response, with the BODY;
// or "lost" (the server does the work, and the response is lost), "reset" (it does not do the work), or
// "SIGKILL" or "SIGQUIT": the provider gets the signal, and does not get the response. With SIGQUIT, Go
// writes all its stacks. In a BODY, {credential} is the provider's credential and {key} the newest key.
//
// A step may begin with [terraform N]: it needs Terraform from 1.N, and OpenTofu leaves it out.
type step struct {
	line int
	verb string
	args []string
}

// leastArguments is how many arguments a verb has at least.
var leastArguments = map[string]int{
	"use": 1, "ok": 1, "fails": 1, "shows": 1, "fault": 4, "clear": 0, "env": 2, "nowhere": 0, "request": 2,
}

var needsTerraform = regexp.MustCompile(`^\[terraform (\d+)\] *`)

// parseScript returns the steps for a CLI; minor is 0 for OpenTofu.
func parseScript(text string, minor int) (steps []step, err error) {
	for i, line := range strings.Split(text, "\n") {
		if needs := needsTerraform.FindStringSubmatch(line); needs != nil {
			if oldest, _ := strconv.Atoi(needs[1]); minor < oldest {
				continue
			}
			line = line[len(needs[0]):]
		}
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		s := step{i + 1, fields[0], fields[1:]}
		least, known := leastArguments[s.verb]
		if !known || len(s.args) < least {
			return nil, fmt.Errorf("line %d: %q is not a step", s.line, line)
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// play does one step.
func (l *life) play(s step) error {
	switch s.verb {
	case "use":
		return l.use(s.args)
	case "fault":
		return l.fault(s.args)
	case "clear":
		l.system.ClearFaults()
		return nil
	case "env":
		l.workspace.Setenv(s.args[0], l.body(s.args[1:]))
		return nil
	case "nowhere":
		l.nowhere = true
		return nil
	case "request":
		return l.request(s.args)
	case "shows":
		text := strings.Join(s.args, " ")
		for one := range strings.SplitSeq(text, " | ") {
			if bytes.Contains(l.written, []byte(one)) {
				return nil
			}
		}
		return fmt.Errorf("neither output nor log has %q. The output:\n%s", text, l.output)
	}
	return l.run(s.verb == "ok", s.args)
}

// use puts files beside the script into the folder of the CLI, and removes other configurations.
func (l *life) use(names []string) error {
	for _, pattern := range []string{"*.tf", "*.tfquery.hcl"} {
		old, _ := filepath.Glob(filepath.Join(l.workspace.Dir, pattern)) // a good pattern
		for _, path := range old {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(l.folder, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(l.workspace.Dir, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

var signals = map[string]syscall.Signal{"SIGKILL": syscall.SIGKILL, "SIGQUIT": syscall.SIGQUIT}

func (l *life) fault(args []string) error {
	times, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	kind, method := args[1], args[2]
	fault := simkit.Fault{Times: times, Body: l.body(args[4:])}
	signal, kills := signals[kind]
	switch {
	case kills || kind == "lost":
		fault.Drop = simkit.DropAfter
	case kind == "reset":
		fault.Drop = simkit.DropBefore
	default:
		if fault.Status, err = strconv.Atoi(kind); err != nil {
			return err
		}
	}
	path, err := regexp.Compile("^" + strings.ReplaceAll(regexp.QuoteMeta(args[3]), `\*`, ".*") + "$")
	if err != nil {
		return err
	}
	return l.system.InjectWhere(func(r simkit.Request) bool {
		hits := (method == "ANY" || method == r.Method) && path.MatchString(r.Path)
		if hits && kills {
			cli.Signal(l.provider, "", signal)
		}
		return hits
	}, fault)
}

// body puts secrets in the places of their names.
func (l *life) body(words []string) string {
	newest := ""
	if keys := l.system.IssuedKeys(); len(keys) > 0 {
		newest = keys[len(keys)-1].Secret
	}
	return strings.NewReplacer("{credential}", l.credential, "{key}", newest).Replace(strings.Join(words, " "))
}

func (l *life) request(args []string) error {
	body := strings.NewReader(l.body(args[2:]))
	req, err := http.NewRequestWithContext(l.ctx, args[0], l.system.URL+args[1], body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	switch l.system.Name {
	case "Waldur":
		req.Header.Set("Authorization", "Token "+l.credential)
	case "Wavefront":
		req.Header.Set("Authorization", "Bearer "+l.credential)
	default:
		req.SetBasicAuth(l.setting("_USERNAME"), l.credential)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("the server returned %s", resp.Status)
	}
	return nil
}
