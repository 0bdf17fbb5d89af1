package leaktest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Secret is a text that may stand nowhere but in the values of sensitive attributes.
type Secret struct {
	Name string // for findings: where it was issued
	Text string
}

// needle is one form of one secret.
type needle struct {
	secret, form string
	bytes        []byte
}

// needles finds all forms of all secrets in one pass over a text.
type needles struct {
	byStart map[uint64][]needle // by their first stem bytes
	starts  [1 << filterBits]bool
}

const (
	stem       = 8 // bytes; each needle has at least as many
	filterBits = 18
)

// filterIndex spreads the first bytes of needles over the filter, which saves most of the look-ups.
func filterIndex(start uint64) uint64 { return start * 0x9e3779b97f4a7c15 >> (64 - filterBits) }

// newNeedles returns an error for a secret that is too short to be searched.
func newNeedles(secrets []Secret) (*needles, error) {
	n := &needles{byStart: map[uint64][]needle{}}
	for _, secret := range secrets {
		if len(secret.Text) < 2*stem {
			return nil, fmt.Errorf("%s has %d characters: too short to be searched", secret.Name, len(secret.Text))
		}
		for form, text := range forms(secret.Text) {
			start := binary.LittleEndian.Uint64([]byte(text))
			n.byStart[start] = append(n.byStart[start], needle{secret.Name, form, []byte(text)})
			n.starts[filterIndex(start)] = true
		}
	}
	return n, nil
}

// forms returns the forms in which programs write a text, by their names. Forms that equal another
// form are left out.
func forms(text string) map[string]string {
	quoted, _ := json.Marshal(text) // a string
	all := [][2]string{
		{"plain", text},
		{"JSON", strings.Trim(string(quoted), `"`)},
		{"URL query", url.QueryEscape(text)},
		{"URL path", url.PathEscape(text)},
		{"hex", hex.EncodeToString([]byte(text))},
		{"HEX", strings.ToUpper(hex.EncodeToString([]byte(text)))},
		{"bytes", strings.Trim(fmt.Sprintf("%d", []byte(text)), "[]")},
	}
	for before := range 3 { // of the bytes that are encoded, how many stand before the text, modulo 3
		all = append(all,
			[2]string{fmt.Sprintf("base64 at %d", before), base64Within(base64.RawStdEncoding, text, before)},
			[2]string{fmt.Sprintf("base64 for URLs at %d", before), base64Within(base64.RawURLEncoding, text, before)})
	}
	distinct, seen := map[string]string{}, []string{}
	for _, form := range all {
		if !slices.Contains(seen, form[1]) {
			seen = append(seen, form[1])
			distinct[form[0]] = form[1]
		}
	}
	return distinct
}

// base64Within returns the characters that a text always has within the encoding of a longer text,
// such as "user:key", when some bytes stand before it.
func base64Within(encoding *base64.Encoding, text string, before int) string {
	encoded := encoding.EncodeToString([]byte(strings.Repeat("\x00", before) + text))
	return encoded[(8*before+5)/6 : 8*(before+len(text))/6]
}

// hit is a needle in a text.
type hit struct {
	needle
	at int
}

// in returns the needles in a text, in the order of their places.
func (n *needles) in(text []byte) []hit {
	var hits []hit
	for i := 0; i+stem <= len(text); i++ {
		start := binary.LittleEndian.Uint64(text[i:])
		if !n.starts[filterIndex(start)] {
			continue
		}
		for _, candidate := range n.byStart[start] {
			if bytes.HasPrefix(text[i:], candidate.bytes) {
				hits = append(hits, hit{candidate, i})
			}
		}
	}
	return hits
}

// without returns a text in which a fixed text takes the place of each needle.
func (n *needles) without(text []byte) string {
	var clean strings.Builder
	last := 0
	for _, h := range n.in(text) {
		if h.at >= last {
			clean.Write(text[last:h.at])
			clean.WriteString("(secret)")
			last = h.at + len(h.bytes)
		}
	}
	clean.Write(text[last:])
	return clean.String()
}
