package tfkit

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

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
		return "", fmt.Errorf("a UUID: 32 hexadecimal digits, with or without hyphens; got %s", Quote(text))
	}
	return strings.ToLower(strings.ReplaceAll(text, "-", "")), nil
}

type textNormalizer struct{}

func (textNormalizer) Name() string { return "Text" }

func (textNormalizer) Canonical(text string) (string, error) { return strings.TrimSpace(text), nil }

// Time is a string attribute with a time in RFC 3339. Another spelling of the same time does not count.
type Time = Normalized[timeNormalizer]

// TimeType is the attribute type of Time.
type TimeType = NormalizedType[timeNormalizer]

type timeNormalizer struct{}

func (timeNormalizer) Name() string { return "time" }

func (timeNormalizer) Canonical(text string) (string, error) {
	when, err := time.Parse(time.RFC3339, text)
	year := when.UTC().Year()                  // the offset can lead out of the years that RFC 3339 has
	if err != nil || year < 0 || year > 9999 { // the text of err shows the layouts of Go
		return "", fmt.Errorf(`a time in RFC 3339, such as "2026-01-31T12:00:00Z"; got %s`, Quote(text))
	}
	return when.UTC().Format(time.RFC3339Nano), nil
}

// Duration is a string attribute with a Go duration. Another spelling of the same duration does not
// count.
type Duration = Normalized[durationNormalizer]

// DurationType is the attribute type of Duration.
type DurationType = NormalizedType[durationNormalizer]

// DurationOf returns the duration of a value, and false if the value is null, unknown or malformed.
func DurationOf(value Duration) (time.Duration, bool) {
	duration, err := time.ParseDuration(value.ValueString())
	return duration, err == nil
}

type durationNormalizer struct{}

func (durationNormalizer) Name() string { return "duration" }

// longUnits is a duration that begins with weeks or days, which a Go duration does not have.
var longUnits = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)([wd])(.*)$`)

func (durationNormalizer) Canonical(text string) (string, error) {
	duration, err := time.ParseDuration(text)
	if err == nil {
		return duration.String(), nil
	}
	if hours, ok := inHours(text); ok {
		return "", fmt.Errorf(`a duration without weeks and days: write "%gh" instead of %s`, hours, Quote(text))
	}
	return "", fmt.Errorf(`a duration in hours, minutes and seconds, such as "36h" or "1h30m"; got %s`, Quote(text))
}

// inHours returns the hours of a duration that begins with weeks or days.
func inHours(text string) (float64, bool) {
	parts := longUnits.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	number, err := strconv.ParseFloat(parts[1], 64)
	hours := 24 * number
	if parts[2] == "w" {
		hours *= 7
	}
	if parts[3] == "" {
		return hours, err == nil
	}
	if more, ok := inHours(parts[3]); ok {
		return hours + more, err == nil
	}
	rest, restErr := time.ParseDuration(parts[3])
	return hours + rest.Hours(), err == nil && restErr == nil
}
