package guidetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Shell is a shell that runs the blocks of a page one after the other, as a reader does: variables, the folder and a
// program in the background last to the next block.
type Shell struct {
	command *exec.Cmd
	stdin   io.WriteCloser
	output  *bufio.Reader
}

// done begins the line that the shell prints after a block, with the exit code and the folder.
const done = "@guidetest-done "

// NewShell starts a shell in a folder, with this environment alone. It ends with the context, or at Close.
func NewShell(ctx context.Context, dir string, env []string) (*Shell, error) {
	command := exec.CommandContext(ctx, "sh", "-e")
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 5 * time.Second
	command.Dir, command.Env = dir, env
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	command.Stdout, command.Stderr = write, write
	err = command.Start()
	_ = write.Close() // the shell has its own
	if err != nil {
		return nil, err
	}
	s := &Shell{command, stdin, bufio.NewReader(read)}
	// The program in the background, such as the simulators, ends with the shell.
	_, err = io.WriteString(stdin, "trap '[ -z \"$!\" ] || kill $! 2>/dev/null || true' EXIT\ntrap 'exit 1' INT\n")
	return s, err
}

// Run runs a block, which must end with exit code 0. It returns the output, and the folder of the shell after the
// block. After an error the shell may have ended.
func (s *Shell) Run(block string) (output, dir string, err error) {
	script := "{\n" + block + "\n} </dev/null\nprintf '\\n%s%s %s\\n' '" + done + "' $? \"$PWD\"\n"
	if _, err := io.WriteString(s.stdin, script); err != nil {
		return "", "", err
	}
	var text strings.Builder
	for {
		line, err := s.output.ReadString('\n')
		if end, ended := strings.CutPrefix(line, done); ended {
			code, dir, _ := strings.Cut(strings.TrimSpace(end), " ")
			if code != "0" { // of a list such as "a && b", after which the shell goes on
				err = fmt.Errorf("exit code %s", code)
			}
			return strings.TrimSuffix(text.String(), "\n"), dir, err
		}
		text.WriteString(line)
		if err != nil {
			return text.String(), "", fmt.Errorf("the shell has ended: %w", errors.Join(s.Close(), err))
		}
	}
}

// Close ends the shell and its program in the background.
func (s *Shell) Close() error {
	_ = s.stdin.Close()
	return s.command.Wait()
}
