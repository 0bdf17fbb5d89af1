package faults

import (
	"regexp"
	"strings"
)

// advice is what a message of the provider tells the user to do.
type advice struct {
	do string // the name of an action
	id string // of an import
}

// The actions of advice.
const (
	doImport   = "import"
	doUntaint  = "untaint"
	doForget   = "state rm"
	doRotate   = "change a keeper"
	doRevoke   = "revoke the other token"
	doInitial  = "revoke the keys that came with the user"
	doRunAgain = "run again"
)

var importBlock = regexp.MustCompile(`import \{\s+to = \S+\s+id = "([^"]+)"`)

// texts are the texts that name an action, in the order in which the actions are tried.
var texts = []struct {
	do   string
	text *regexp.Regexp
}{
	{doUntaint, regexp.MustCompile(`(?:terraform|tofu) untaint`)},
	{doForget, regexp.MustCompile(`(?:terraform )?state rm`)},
	{doInitial, regexp.MustCompile(`(?:set|write) initial_api_keys = "revoke"`)},
	{doRevoke, regexp.MustCompile(`Revoke the token that nobody uses|Rename or revoke them`)},
	{doRotate, regexp.MustCompile(`(?i)keepers?\b[^.]*\bchang|\bchang[^.]*\bkeepers?\b`)},
	{doRunAgain, regexp.MustCompile(`(?i)(?:apply again|run again|plan again|next apply)`)},
}

// plain returns the text of messages without the frames and the line breaks of the CLI.
func plain(output string) string {
	output = strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)
	return strings.Join(strings.Fields(output), " ")
}

// adviceIn returns all advice of a message, in the order in which it is tried.
func adviceIn(output string) (all []advice) {
	text := plain(output)
	for _, found := range importBlock.FindAllStringSubmatch(text, -1) {
		all = append(all, advice{doImport, found[1]})
	}
	for _, known := range texts {
		if known.text.MatchString(text) {
			all = append(all, advice{do: known.do})
		}
	}
	return all
}
