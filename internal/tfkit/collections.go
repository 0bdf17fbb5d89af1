package tfkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/crypto/ssh"
)

// PublicKey is a string attribute with an SSH public key: a line of an authorized_keys file,
// without options. White space around it does not count, since a key that is read from a file ends
// with a newline.
type PublicKey = Normalized[publicKeyNormalizer]

// PublicKeyType is the attribute type of PublicKey.
type PublicKeyType = NormalizedType[publicKeyNormalizer]

// PublicKeyOf returns a known value.
func PublicKeyOf(text string) PublicKey { return PublicKey{types.StringValue(text)} }

type publicKeyNormalizer struct{}

func (publicKeyNormalizer) Name() string { return "SSH public key" }

func (publicKeyNormalizer) Canonical(text string) (string, error) {
	text = strings.TrimSpace(text)
	_, _, options, rest, err := ssh.ParseAuthorizedKey([]byte(text))
	// The parser skips lines that are not keys: a text of several lines could hide a private key.
	if err != nil || len(options) > 0 || len(rest) > 0 || strings.ContainsAny(text, "\r\n") {
		return "", errors.New(`one SSH public key such as "ssh-ed25519 AAAA... comment", without options`)
	}
	return text, nil
}

// UUIDElements refuses a set with an element that is not a UUID, and a set with one UUID in two
// spellings.
func UUIDElements() []validator.Set {
	return []validator.Set{
		setvalidator.NoNullValues(), setvalidator.ValueStringsAre(MayBeMocked(WellFormed[uuidNormalizer]())),
		noSpellingTwice{},
	}
}

// PublicKeyElements refuses a list with an element that is not an SSH public key.
func PublicKeyElements() []validator.List {
	return []validator.List{
		listvalidator.NoNullValues(), listvalidator.ValueStringsAre(WellFormed[publicKeyNormalizer]()),
	}
}

// KeepPublicKeys plans the list in state if the configuration has the same keys in the same order, with
// white space around them, as KeepEquivalent does for a single value. A key in state without white
// space may come from an import, while the configuration reads it from a file.
//
// Terraform accepts the whole list in state or the whole configured list, and no mixture. So a list
// with an unknown element is planned as configured. White space in state came from a configuration,
// and is not kept: an apply in which the unknown element turned out to be the key in state would
// otherwise plan other white space than the plan before.
func KeepPublicKeys() planmodifier.List { return keepPublicKeys{} }

type keepPublicKeys struct{}

func (keepPublicKeys) Description(context.Context) string {
	return "White space around the same keys is no change."
}

func (m keepPublicKeys) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepPublicKeys) PlanModifyList(
	_ context.Context, req planmodifier.ListRequest, resp *planmodifier.ListResponse,
) {
	canonical := func(stored, configured attr.Value) bool {
		text, isKey := stored.(PublicKey)
		key, ok := configured.(PublicKey)
		return isKey && ok && text.ValueString() != "" && text.ValueString() == key.Canonical()
	}
	if !req.StateValue.IsNull() && !req.ConfigValue.IsNull() && WhollyKnown(req.ConfigValue) &&
		slices.EqualFunc(req.StateValue.Elements(), req.ConfigValue.Elements(), canonical) {
		resp.PlanValue = req.StateValue
	}
}

// noSpellingTwice refuses one UUID in two spellings. The server keeps the UUID once, and Terraform
// reports an inconsistency if a set has fewer elements after the apply.
type noSpellingTwice struct{}

func (noSpellingTwice) Description(context.Context) string {
	return "must not have one value in two spellings"
}

func (v noSpellingTwice) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (noSpellingTwice) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	seen := map[string]bool{}
	for _, element := range req.ConfigValue.Elements() {
		uuid, ok := element.(UUID)
		if canonical := uuid.Canonical(); ok && canonical != "" && seen[canonical] {
			resp.Diagnostics.AddAttributeError(req.Path.AtSetValue(element), "Value in two spellings",
				fmt.Sprintf("%s has the UUID %s twice.", req.Path, canonical))
		} else {
			seen[canonical] = true
		}
	}
}

// WhollyKnown reports whether a set or list and all its elements are known.
func WhollyKnown(collection interface {
	IsUnknown() bool
	Elements() []attr.Value
}) bool {
	return !collection.IsUnknown() && !slices.ContainsFunc(collection.Elements(), attr.Value.IsUnknown)
}

// IsEmpty reports whether a set or list is known to have no elements, and is not null. Servers do not
// distinguish null from empty: what they return without elements is empty only if the prior value
// is.
func IsEmpty(collection interface {
	IsNull() bool
	IsUnknown() bool
	Elements() []attr.Value
}) bool {
	return !collection.IsNull() && !collection.IsUnknown() && len(collection.Elements()) == 0
}

// UUIDSet returns a set of the UUIDs that a server returns. A UUID that the prior set has keeps its
// spelling. Without UUIDs the set is null, but empty if the prior set is empty.
func UUIDSet(prior types.Set, now []string) types.Set {
	kind := UUIDType{}
	if len(now) == 0 && !IsEmpty(prior) {
		return types.SetNull(kind)
	}
	known := map[string]attr.Value{}
	for _, element := range prior.Elements() {
		if uuid, ok := element.(UUID); ok {
			known[uuid.Canonical()] = uuid
		}
	}
	elements := []attr.Value{}
	for _, text := range Distinct(now) { // a set has no element twice
		if uuid, ok := known[CanonicalUUID(text)]; ok {
			elements = append(elements, uuid)
		} else {
			elements = append(elements, UUIDOrNull(text))
		}
	}
	return types.SetValueMust(kind, elements)
}

// CanonicalElements returns the canonical texts of the elements of a set or list.
func CanonicalElements(collection interface{ Elements() []attr.Value }) []string {
	texts := []string{}
	for _, element := range collection.Elements() {
		if normalized, ok := element.(interface{ Canonical() string }); ok {
			texts = append(texts, normalized.Canonical())
		}
	}
	return texts
}
