package simkit

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
)

// RandomHex returns random hex digits in lower case.
func RandomHex(digits int) string {
	raw := make([]byte, (digits+1)/2)
	_, _ = rand.Read(raw) // never fails
	return hex.EncodeToString(raw)[:digits]
}

// UUID returns a random UUID (version 4), with hyphens and in lower case.
func UUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
