package waldursim

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// sshKey is a public key that a user keeps in Waldur.
type sshKey struct{ uuid, user, name, text string }

// AddSSHKey stores a public key with a user. It panics on a text that is not a key.
func (s *Sim) AddSSHKey(user, name, publicKey string) {
	s.Lock()
	defer s.Unlock()
	mustKey(publicKey)
	s.sshKeys = append(s.sshKeys, sshKey{s.RandomHex(32), s.users.must(user).UUID, name, publicKey})
}

// parseSSHKey reads a line of the form "type blob comment". The blob is texts, each after its length
// in four bytes: the type, and what makes the key. A line with options before the type, as
// authorized_keys may have it, is no key, nor is a line that begins with white space.
func parseSSHKey(line string) (kind string, blob []byte, ok bool) {
	words := strings.Fields(line)
	if len(words) < 2 {
		return "", nil, false
	}
	blob, err := base64.StdEncoding.DecodeString(words[1])
	var parts []string
	for rest := blob; len(rest) > 0; {
		if len(rest) < 4 || uint64(binary.BigEndian.Uint32(rest)) > uint64(len(rest)-4) {
			return "", nil, false
		}
		end := 4 + binary.BigEndian.Uint32(rest)
		parts, rest = append(parts, string(rest[4:end])), rest[end:]
	}
	ok = err == nil && len(parts) > 1 && parts[0] == words[0] && strings.HasPrefix(line, words[0])
	return words[0], blob, ok
}

func mustKey(line string) {
	if _, _, ok := parseSSHKey(line); !ok {
		panic(fmt.Sprintf("waldursim: %q is not an SSH public key", line))
	}
}

// fingerprints has one entry per key, in the same order: the three digests of the key's blob in the
// forms of ssh-keygen, md5 without its prefix.
func fingerprints(keys []string) []record {
	rows := []record{}
	for _, key := range keys {
		_, blob, _ := parseSSHKey(key)
		short, middle, long := md5.Sum(blob), sha256.Sum256(blob), sha512.Sum512(blob)
		rows = append(rows, record{
			"md5":    strings.ReplaceAll(fmt.Sprintf("% x", short), " ", ":"),
			"sha256": "SHA256:" + base64.RawStdEncoding.EncodeToString(middle[:]),
			"sha512": "SHA512:" + base64.RawStdEncoding.EncodeToString(long[:]),
		})
	}
	return rows
}

// userKeys renders the keys that a user keeps in Waldur.
func (c *call) userKeys(user string) []record {
	var rows []record
	for _, key := range c.sshKeys {
		if key.user != user {
			continue
		}
		kind, _, _ := parseSSHKey(key.text)
		digests := fingerprints([]string{key.text})[0]
		rows = append(rows, record{
			"url": c.link("keys", key.uuid), "uuid": key.uuid, "name": key.name, "public_key": key.text,
			"fingerprint_md5": digests["md5"], "fingerprint_sha256": digests["sha256"],
			"fingerprint_sha512": digests["sha512"], "user_uuid": key.user, "is_shared": false, "type": kind,
		})
	}
	return rows
}
