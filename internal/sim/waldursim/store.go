package waldursim

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"
)

// table keeps rows in the order of their making, which is the order of lists.
type table[T any] struct {
	order []string
	rows  map[string]*T
}

func (t *table[T]) add(uuid string, row *T) {
	if t.rows == nil {
		t.rows = map[string]*T{}
	}
	t.order = append(t.order, uuid)
	t.rows[uuid] = row
}

// get returns nil for an unknown uuid.
func (t *table[T]) get(uuid string) *T { return t.rows[uuid] }

func (t *table[T]) all() []*T {
	rows := make([]*T, 0, len(t.order))
	for _, uuid := range t.order {
		if row, ok := t.rows[uuid]; ok {
			rows = append(rows, row)
		}
	}
	return rows
}

func (t *table[T]) remove(uuid string) { delete(t.rows, uuid) }

type customerRow struct {
	uuid, created string
	Customer
}

type projectRow struct {
	uuid, created string
	removed       bool
	Project
}

type resourceRow struct {
	uuid, created string
	Resource
}

type userRow struct {
	uuid string
	User
}

// sshKey is a public key that a user keeps in Waldur.
type sshKey struct {
	uuid, user, name, text string
}

// consent is a user's word on the terms of service of an offering.
type consent struct{ user, offering string }

type store struct {
	customers   table[customerRow]
	projects    table[projectRow]
	resources   table[resourceRow]
	users       table[userRow]
	accounts    table[account]
	robots      table[robotAccount]
	sshKeys     []sshKey
	consents    map[consent]bool
	credentials map[string]*credential
	grants      []grant
}

func newStore() store {
	return store{credentials: map[string]*credential{}, consents: map[consent]bool{}}
}

// project hides soft-deleted projects; the table still has them.
func (s *store) project(uuid string) (*projectRow, bool) {
	p := s.projects.get(uuid)
	return p, p != nil && !p.removed
}

func randomHex(digits int) string {
	raw := make([]byte, (digits+1)/2)
	// crypto/rand.Read never fails.
	_, _ = rand.Read(raw)
	return hex.EncodeToString(raw)[:digits]
}

func newUUID() string { return randomHex(32) }

// parseUUID takes a UUID with or without hyphens in any case and gives the form
// that is stored and written: 32 lowercase hex digits.
func parseUUID(text string) (string, bool) {
	bare := strings.ToLower(strings.ReplaceAll(text, "-", ""))
	if len(bare) != 32 {
		return "", false
	}
	if _, err := hex.DecodeString(bare); err != nil {
		return "", false
	}
	return bare, true
}

// stamp writes the present moment as the server does: microseconds, left out
// altogether when they are zero.
func (s *Sim) stamp() string {
	text := isoFormat(s.options.Now())
	if s.options.DateTimeZ {
		return text + "Z"
	}
	return text + "+00:00"
}

// isoFormat is Python's form of a UTC time without an offset.
func isoFormat(t time.Time) string {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format("2006-01-02T15:04:05.000000")
}
