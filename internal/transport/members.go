package transport

import (
	"bytes"
	"encoding/json"
	"slices"
)

// repeatedMember returns the name of a member that an object somewhere in a JSON text has twice, and true; false
// if no object has. It is not said which of the two counts: a proxy may read the one, and the provider the other.
// The text must be valid JSON. Names that differ only in case are different.
func repeatedMember(body []byte) (string, bool) {
	var open []scope
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			open = append(open, scope{object: body[i] == '{', name: body[i] == '{'})
		case '}', ']':
			open = open[:len(open)-1]
		case ',':
			inner := &open[len(open)-1]
			inner.name = inner.object
		case '"':
			end := i + stringLength(body[i:])
			if len(open) > 0 && open[len(open)-1].name {
				inner := &open[len(open)-1]
				inner.name = false
				if name := memberName(body[i:end]); !inner.add(name) {
					return string(name), true
				}
			}
			i = end - 1
		}
	}
	return "", false
}

// scope is an object or list that a text is within.
type scope struct {
	object bool
	name   bool // the next string is the name of a member
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
