package waldursim

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

const badKey = "Invalid SSH public key."

// parseSSHKey reads a line of the form "type blob comment". A line with options
// before the type, as authorized_keys may have it, is no key.
func parseSSHKey(line string) (kind string, blob []byte, ok bool) {
	words := strings.Fields(line)
	if len(words) < 2 {
		return "", nil, false
	}
	blob, err := base64.StdEncoding.DecodeString(words[1])
	if err != nil {
		return "", nil, false
	}
	name, ok := firstString(blob)
	return words[0], blob, ok && name == words[0]
}

// firstString reads the text that a key begins with: four bytes of length, then
// the name of the key's type.
func firstString(blob []byte) (string, bool) {
	if len(blob) < 4 {
		return "", false
	}
	rest := blob[4:]
	size := binary.BigEndian.Uint32(blob)
	if uint64(size) > uint64(len(rest)) {
		return "", false
	}
	return string(rest[:size]), true
}

// fingerprint holds the three digests of a key's blob in the forms of ssh-keygen,
// md5 without its prefix.
type fingerprint struct {
	md5, sha256, sha512 string
}

func newFingerprint(blob []byte) fingerprint {
	short, middle, long := md5.Sum(blob), sha256.Sum256(blob), sha512.Sum512(blob)
	pairs := make([]string, len(short))
	for i := range short {
		pairs[i] = hex.EncodeToString(short[i : i+1])
	}
	return fingerprint{
		md5:    strings.Join(pairs, ":"),
		sha256: "SHA256:" + base64.RawStdEncoding.EncodeToString(middle[:]),
		sha512: "SHA512:" + base64.RawStdEncoding.EncodeToString(long[:]),
	}
}

// fingerprints has one entry per key, in the same order.
func fingerprints(keys []string) []record {
	rows := []record{}
	for _, key := range keys {
		_, blob, _ := parseSSHKey(key)
		f := newFingerprint(blob)
		rows = append(rows, record{"md5": f.md5, "sha256": f.sha256, "sha512": f.sha512})
	}
	return rows
}

// userKeys renders the keys that the users keep in Waldur themselves.
func (c *call) userKeys(users []string) []record {
	rows := []record{}
	for _, user := range users {
		for _, key := range c.sim.store.sshKeys {
			if key.user != user {
				continue
			}
			kind, blob, _ := parseSSHKey(key.text)
			f := newFingerprint(blob)
			rows = append(rows, record{
				"url":                c.link("keys", key.uuid),
				"uuid":               key.uuid,
				"name":               key.name,
				"public_key":         key.text,
				"fingerprint_md5":    f.md5,
				"fingerprint_sha256": f.sha256,
				"fingerprint_sha512": f.sha512,
				"user_uuid":          key.user,
				"is_shared":          false,
				"type":               kind,
			})
		}
	}
	return rows
}
