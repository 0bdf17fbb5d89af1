package guidetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/cli"
)

// stage is a part of the walkthrough: what the reader does with some blocks, and what must be true afterwards.
type stage struct {
	title string
	write map[string]string // the names of blocks by those of the files that they are written to
	run   string            // the name of the block that is run
	check func(*walk, context.Context) error
}

const (
	byHand   = "README.md: Try it by hand "
	secrets  = "docs/guides/secrets.md: "
	onLaptop = secrets + "On your machine, with simulators "
)

// stages is what the README and the guide on secrets tell a reader who wants to see a rotated key in a write-only
// argument.
var stages = []stage{
	{title: "Install the providers, the simulators and Terraform", run: byHand + "1"},
	{title: "Write the CLI configuration", run: byHand + "2"},
	{title: "Start the simulators", run: byHand + "3"},
	{title: "Create the identities", run: secrets + "The identity and its recipient 1", check: (*walk).takeRecipients},
	{title: "Write the first account and its store", write: map[string]string{
		"key.tf": secrets + "The key 1", "store.tf": onLaptop + "1", "output.tf": secrets + "Open a key by hand 1",
	}},
	{title: "Apply: the store has the key", run: secrets + "The key 2", check: (*walk).takeKey},
	{title: "Read the store", run: onLaptop + "2", check: (*walk).printsKey},
	{title: "Rotate: the store has another key, and no file has one", run: onLaptop + "3", check: (*walk).takeKey},
	{title: "Open the encrypted key by hand", run: secrets + "Open a key by hand 2", check: (*walk).printsKey},
	{title: "Destroy", run: onLaptop + "4", check: (*walk).nothingLeft},
}

// walk is a reader who follows the pages.
type walk struct {
	blocks []Block
	shell  *Shell
	dir    string // the folder of the shell
	output string // of the last block

	server     string   // the address of Waldur
	recipients []string // of the pipeline, and of the identity in the safe
	keys       []string // that the store has had
}

// Walk follows the pages of a repository from the README to a rotated key in a write-only argument, with the blocks
// as they are printed, and prints the time of each stage. It installs into a folder of its own. Terraform asks for no
// confirmation.
func Walk(ctx context.Context, root string, out io.Writer, env ...string) error {
	blocks, err := Blocks(root)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "svcacct-walkthrough-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	env = append(append(cli.Environment(), env...), "GOBIN="+filepath.Join(work, "bin"), "TMPDIR="+work,
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_ARGS_apply=-auto-approve",
		"TF_CLI_ARGS_destroy=-auto-approve")
	shell, err := NewShell(ctx, root, env)
	if err != nil {
		return err
	}
	defer func() { _ = shell.Close() }()
	w, began := &walk{blocks: blocks, shell: shell, dir: root}, time.Now()
	for i, s := range stages {
		start := time.Now()
		if err := w.follow(ctx, s); err != nil {
			return fmt.Errorf("%s: %w\n%s", s.title, err, w.output)
		}
		_, _ = fmt.Fprintf(out, "%2d. %-56s %6.1f s\n", i+1, s.title, time.Since(start).Seconds())
	}
	_, _ = fmt.Fprintf(out, "    %-56s %6.1f s\n", "In all", time.Since(began).Seconds())
	return nil
}

func (w *walk) follow(ctx context.Context, s stage) (err error) {
	for file, name := range s.write {
		text, err := w.block(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(w.dir, file), []byte(w.own(text)), 0o600); err != nil {
			return err
		}
	}
	if s.run != "" {
		text, err := w.block(s.run)
		if err != nil {
			return err
		}
		if w.output, w.dir, err = w.shell.Run(text); err != nil {
			return err
		}
	}
	if s.check != nil {
		return s.check(w, ctx)
	}
	return nil
}

func (w *walk) block(name string) (string, error) {
	at := slices.IndexFunc(w.blocks, func(b Block) bool { return b.Name() == name })
	if at < 0 {
		return "", fmt.Errorf("there is no block %q", name)
	}
	return w.blocks[at].Text, nil
}

var recipient = regexp.MustCompile(`\bage1[0-9a-z]{58}\b`)

// own puts the recipients of the reader in the place of those in the guide.
func (w *walk) own(text string) string {
	next := 0
	return recipient.ReplaceAllStringFunc(text, func(printed string) string {
		if next++; next > len(w.recipients) {
			return printed
		}
		return w.recipients[next-1]
	})
}

// takeRecipients notes what age-keygen has printed.
func (w *walk) takeRecipients(context.Context) error {
	if w.recipients = recipient.FindAllString(w.output, -1); len(w.recipients) != 2 {
		return fmt.Errorf("two identities have %d recipients", len(w.recipients))
	}
	return nil
}

// takeKey checks that the store has a new key, that it is the only one that works, and that no other file has one.
func (w *walk) takeKey(ctx context.Context) error {
	key, err := os.ReadFile(filepath.Join(w.dir, "store", "pipeline"))
	if err != nil {
		return err
	}
	if slices.Contains(w.keys, string(key)) {
		return errors.New("the store still has the key from before")
	}
	w.keys = append(w.keys, string(key))
	for i, key := range w.keys {
		if works, err := w.works(ctx, key); err != nil || works != (i == len(w.keys)-1) {
			return errors.Join(fmt.Errorf("key %d of %d works: %t", i+1, len(w.keys), works), err)
		}
	}
	for _, file := range []string{"terraform.tfstate", "terraform.tfstate.backup", "rotation.plan"} {
		if err := w.hasNoKey(filepath.Join(w.dir, file)); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// works asks the account service of Waldur.
func (w *walk) works(ctx context.Context, key string) (works bool, err error) {
	if w.server == "" {
		if w.server, _, err = w.shell.Run(`printf %s "$WALDUR_API_URL"`); err != nil {
			return false, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.server+"/account-service/whoami", nil)
	if err != nil {
		return false, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false, err
	}
	return resp.StatusCode == http.StatusOK, resp.Body.Close()
}

// hasNoKey checks a state, or a plan, which is a ZIP file.
func (w *walk) hasNoKey(file string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) && len(w.keys) < 2 {
		return nil // the rotation writes it
	}
	if err != nil {
		return err
	}
	texts := map[string][]byte{file: text}
	if filepath.Ext(file) == ".plan" {
		if texts, err = cli.PlanFiles(text); err != nil {
			return err
		}
	}
	for _, text := range texts {
		for i, key := range w.keys {
			if strings.Contains(string(text), key) {
				return fmt.Errorf("it has the key %d in the clear", i+1)
			}
		}
	}
	return nil
}

// printsKey checks that the block has printed the key that works now.
func (w *walk) printsKey(context.Context) error {
	if w.output != w.keys[len(w.keys)-1] {
		w.output = "" // it may have a key
		return errors.New("this is not the key in the store")
	}
	return nil
}

// nothingLeft checks that the account and the secret are gone.
func (w *walk) nothingLeft(ctx context.Context) error {
	if files, err := os.ReadDir(filepath.Join(w.dir, "store")); err != nil || len(files) > 0 {
		return errors.Join(errors.New("the store is not empty"), err)
	}
	if works, err := w.works(ctx, w.keys[len(w.keys)-1]); err != nil || works {
		return errors.Join(fmt.Errorf("the last key works: %t", works), err)
	}
	return nil
}
