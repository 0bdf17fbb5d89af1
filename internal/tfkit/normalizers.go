package tfkit

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// UUID is a string attribute with a UUID. Hyphens and upper case do not count: Waldur writes 32
// hexadecimal digits in lower case, users and other providers write hyphens.
type UUID = Normalized[uuidNormalizer]

// UUIDType is the attribute type of UUID.
type UUIDType = NormalizedType[uuidNormalizer]

// UUIDOrNull returns null for "".
func UUIDOrNull(text string) UUID { return NormalizedOrNull[uuidNormalizer](text) }

// CanonicalUUID returns 32 hexadecimal digits in lower case, or "" for a text that is not a UUID.
func CanonicalUUID(text string) string { return UUIDOrNull(text).Canonical() }

// KeepUUID is KeepEquivalent for UUID.
func KeepUUID() planmodifier.String { return KeepEquivalent[uuidNormalizer]() }

// Text is a string attribute. White space around the text does not count, since servers remove it.
type Text = Normalized[textNormalizer]

// TextType is the attribute type of Text.
type TextType = NormalizedType[textNormalizer]

// TextOrNull returns null for "".
func TextOrNull(text string) Text { return NormalizedOrNull[textNormalizer](text) }

// KeepText is KeepEquivalent for Text.
func KeepText() planmodifier.String { return KeepEquivalent[textNormalizer]() }

type uuidNormalizer struct{}

var uuidForm = regexp.MustCompile(`^(?i:[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$`)

func (uuidNormalizer) Name() string { return "UUID" }

func (uuidNormalizer) Canonical(text string) (string, error) {
	if !uuidForm.MatchString(text) {
		return "", fmt.Errorf("a UUID: 32 hexadecimal digits, with or without hyphens; got %q", text)
	}
	return strings.ToLower(strings.ReplaceAll(text, "-", "")), nil
}

// EmailForm is the general form of an e-mail address. Its host has a dot in it.
var EmailForm = regexp.MustCompile(`^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$`)

type textNormalizer struct{}

func (textNormalizer) Name() string { return "Text" }

func (textNormalizer) Canonical(text string) (string, error) { return strings.TrimSpace(text), nil }
