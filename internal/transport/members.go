package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// The most elements that one list of a response has, and that all its lists have together. The largest lists of
// the supported systems are far below. An element of two bytes takes some hundred bytes of memory once it is
// decoded.
const (
	mostElements    = 300_000
	mostElementsAll = 1_500_000
)

// checkShape returns an error if an object somewhere in a JSON text has a member twice, or if lists have too many
// elements. It is not said which of two members counts: a proxy may read the one, and the provider the other. The
// text must be valid JSON. Names that differ only in case are different.
func checkShape(body []byte) error {
	var open []scope
	all := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			open = append(open, scope{object: body[i] == '{', name: body[i] == '{'})
		case '}', ']':
			open = open[:len(open)-1]
		case ',':
			inner := &open[len(open)-1]
			if inner.name = inner.object; inner.object {
				continue
			}
			all++
			if inner.commas++; inner.commas >= mostElements || all >= mostElementsAll {
				return errors.New("it has more elements than any list of the API")
			}
		case '"':
			end := i + stringLength(body[i:])
			if len(open) > 0 && open[len(open)-1].name {
				inner := &open[len(open)-1]
				inner.name = false
				if name := memberName(body[i:end]); !inner.add(name) {
					return fmt.Errorf("an object has the member %s twice", name)
				}
			}
			i = end - 1
		}
	}
	return nil
}

// scope is an object or list that a text is within.
type scope struct {
	object bool
	name   bool // the next string is the name of a member
	commas int  // of a list
	few    [][]byte
	many   map[string]bool // nil: the names are in few
}

// fewMembers is how many names a scope compares one by one.
const fewMembers = 24

// add remembers a name, and returns false if the scope has it already.
func (s *scope) add(name []byte) bool {
	switch {
	case s.many != nil:
		if s.many[string(name)] {
			return false
		}
		s.many[string(name)] = true
		return true
	case slices.ContainsFunc(s.few, func(other []byte) bool { return bytes.Equal(other, name) }):
		return false
	}
	s.few = append(s.few, name)
	if len(s.few) > fewMembers {
		s.many = make(map[string]bool, 2*len(s.few))
		for _, other := range s.few {
			s.many[string(other)] = true
		}
	}
	return true
}

// stringLength returns the length of the JSON string at the beginning of a text, with its quotation marks.
func stringLength(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// memberName returns a name without quotation marks and escapes.
func memberName(quoted []byte) []byte {
	if !bytes.ContainsRune(quoted, '\\') {
		return quoted[1 : len(quoted)-1]
	}
	var name string
	_ = json.Unmarshal(quoted, &name) // it is valid
	return []byte(name)
}
