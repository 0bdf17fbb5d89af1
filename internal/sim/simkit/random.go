package simkit

import (
	"encoding/hex"
	"fmt"
	"io"
)

// SetRandom sets where ids and secrets come from from now on; they come from crypto/rand otherwise. A read
// must not fail. With the same random bytes, the same clock and the same requests, two servers store the
// same.
func (s *Server) SetRandom(random io.Reader) {
	s.Lock()
	defer s.Unlock()
	s.random = random
}

// RandomHex returns random hex digits in lower case.
func (s *Server) RandomHex(digits int) string {
	raw := make([]byte, (digits+1)/2)
	_, _ = io.ReadFull(s.random, raw) // never fails
	return hex.EncodeToString(raw)[:digits]
}

// UUID returns a random UUID (version 4), with hyphens and in lower case.
func (s *Server) UUID() string {
	var b [16]byte
	_, _ = io.ReadFull(s.random, b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
