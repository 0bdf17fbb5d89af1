package main

import (
	"fmt"
	"regexp"
	"strings"
)

// A place is where a word is looked for.
type place int

const (
	inText place = 1 << iota // words of comments, of Markdown and of messages
	inName                   // words of an identifier: TestKeepPrevious has test, keep and previous
	asName                   // identifiers as a whole, with regard to case
)

// A word is an expression that readers had to look up or guess.
type word struct {
	places  place
	pattern string // a regular expression for whole words, without regard to case, or for whole identifiers
	instead string
	applies func(*source) bool
}

// words lists what may not come back. A word that is plain English in a sentence, and unclear as a
// name, is looked for in names only.
var words = []word{
	{inText, `far side`, "server", anywhere},
	{inText, `lost answers?|answers? (got|is|are|was|were) lost`, "lost response, or the response was lost", anywhere},
	{inText, `what is none`, "a noun", anywhere},
	{inText, `in so far as`, "if or because", anywhere},
	{inText, `saw(ing)? off`, "what happens", anywhere},
	{inText, `leaps`, "what happens", anywhere},
	{inText, `(one|a|first|second|last|each) send|(two|all its) sends`, "attempt", anywhere},
	{inText, `dead`, "revoked, or no longer works", outsideTests},
	{inText, `kills`, "revokes, or terminates", anywhere},
	{inText, `heals?`, "repairs", anywhere},
	{inText | inName, `doom(ed|s)?`, "keys to revoke, or pending revocations", anywhere},
	{inText | inName, `stranded`, "disallowed", anywhere},
	{inText | inName, `strangers`, "other tokens of the same name", anywhere},
	{inText | inName, `leavers`, "users who have left the project", anywhere},
	{inText | inName, `knobs?`, "option", anywhere},
	{inText | inName, `assumptions?`, "option", inSimulators},

	{inName, `facts`, "attributes", anywhere},
	{inName, `situation`, "plan context", anywhere},
	{inName, `doubt`, "unconfirmed", anywhere},
	{inName, `hold previous`, "keep previous", anywhere},
	{inName, `forget previous`, "clear previous", anywhere},
	{inName, `keep spelling`, "KeepEquivalent", anywhere},
	{inName, `spelled`, "normalized", anywhere},
	{inName, `meaning`, "normalizer", anywhere},
	{inName, `bare error`, "what the error lacks", anywhere},

	{asName, `[Rr]ecall`, "load", anywhere},
	{asName, `[Oo]bserve`, "store read time", anywhere},
	{asName, `Planned`, "WillRotate", (*source).ships},
	{asName, `[Ff]orget`, "clear", anywhere},
	{asName, `[Ss]ucceed`, "set rotated", anywhere},
	{asName, `whose`, "credentialHint", anywhere},
	{asName, `straight`, "validPath", anywhere},
	{asName, `sends(Of)?`, "requests or attempts", anywhere},
	{asName, `foreign`, "what it belongs to", anywhere},
	{asName, `told`, "returned", anywhere},
	{asName, `prints`, "fingerprints", anywhere},
	{asName, `introduced`, "headerTransport", anywhere},
	{asName, `budgeted`, "gateTransport", anywhere},
	{asName, `unfollowed`, "noRedirectTransport", anywhere},
	{asName, `bounded`, "limitTransport", anywhere},
	{asName, `managed[A-Z]\w*`, "<entity>ResourceModel", anywhere},
}

// workplace matches words that only the writers of a line understand, in the place where they wrote
// it.
var workplace = regexp.MustCompile(`(?i)\B/work/|\bissue\s+#?\d+`)

func anywhere(*source) bool { return true }

func outsideTests(s *source) bool { return !s.isTest() }

func inSimulators(s *source) bool { return s.below("internal/sim") }

// expression matches the word in a text or, if it is looked for in whole identifiers, a whole
// identifier.
func (w word) expression() *regexp.Regexp {
	if w.places == asName {
		return regexp.MustCompile(`^(?:` + w.pattern + `)$`)
	}
	return regexp.MustCompile(`(?i)\b(?:` + strings.ReplaceAll(w.pattern, " ", `\s+`) + `)\b`)
}

// checkWords finds words that may not come back.
func checkWords(files []*source) []finding {
	expressions := make([]*regexp.Regexp, len(words))
	for i, w := range words {
		expressions[i] = w.expression()
	}

	var found []finding
	for _, s := range files {
		prose := s.prose()
		for _, match := range workplace.FindAllStringIndex(prose, -1) {
			found = append(found, inProse(s, prose, match, "%q means nothing to a reader: write the reason"))
		}
		for i, w := range words {
			if !w.applies(s) {
				continue
			}
			message := "%q is not plain English: write " + w.instead
			if w.places&inText != 0 {
				for _, match := range expressions[i].FindAllStringIndex(prose, -1) {
					found = append(found, inProse(s, prose, match, message))
				}
			}
			if w.places&(inName|asName) == 0 || s.syntax == nil {
				continue
			}
			for _, name := range s.declared() {
				if expressions[i].MatchString(w.view(name.Name)) {
					found = append(found, s.at(name, fmt.Sprintf(message, name.Name)))
				}
			}
		}
	}
	return found
}

// inProse returns the finding for a match in the prose of a file. The message has %q for what is found.
func inProse(s *source, prose string, match []int, message string) finding {
	text := strings.Join(strings.Fields(prose[match[0]:match[1]]), " ")
	return finding{s.path, 1 + strings.Count(prose[:match[0]], "\n"), fmt.Sprintf(message, text)}
}

var (
	wordStart  = regexp.MustCompile(`([a-z])([A-Z0-9])`)
	acronymEnd = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
)

// view returns the text in which the word is looked for: the whole identifier, or its words with
// spaces between them.
func (w word) view(name string) string {
	if w.places == asName {
		return name
	}
	name = wordStart.ReplaceAllString(name, "$1 $2")
	name = acronymEnd.ReplaceAllString(name, "$1 $2")
	return strings.ReplaceAll(name, "_", " ")
}
