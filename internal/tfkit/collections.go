package tfkit

import (
	"context"
	"errors"
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

// PublicKey is a string attribute that holds an SSH public key as a line of an authorized_keys file does, without options.
// White space around it does not count: a key that is read from a file ends with a newline.
type PublicKey = Spelled[publicKeyMeaning]

// PublicKeyType is the attribute type of PublicKey.
type PublicKeyType = SpelledType[publicKeyMeaning]

// PublicKeyOf returns a known value.
func PublicKeyOf(text string) PublicKey { return PublicKey{types.StringValue(text)} }

type publicKeyMeaning struct{}

func (publicKeyMeaning) Name() string { return "SSH public key" }

func (publicKeyMeaning) Canonical(text string) (string, error) {
	text = strings.TrimSpace(text)
	_, _, options, rest, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil || len(options) > 0 || len(rest) > 0 {
		return "", errors.New(`one SSH public key such as "ssh-ed25519 AAAA... comment", without options`)
	}
	return text, nil
}

// UUIDElements refuses a set with an element that is no UUID.
func UUIDElements() validator.Set { return setvalidator.ValueStringsAre(WellFormed[uuidMeaning]()) }

// PublicKeyElements refuses a list with an element that is no SSH public key.
func PublicKeyElements() validator.List {
	return listvalidator.ValueStringsAre(WellFormed[publicKeyMeaning]())
}

// UUIDSet returns a set of what a server tells, in the spelling that the prior set has for the same UUIDs. An empty one is null,
// unless the prior set is empty.
func UUIDSet(prior types.Set, now []string) types.Set {
	kind := UUIDType{}
	if len(now) == 0 && (prior.IsNull() || prior.IsUnknown() || len(prior.Elements()) > 0) {
		return types.SetNull(kind)
	}
	spelled := map[string]attr.Value{}
	for _, element := range prior.Elements() {
		if uuid, ok := element.(UUID); ok {
			spelled[uuid.Canonical()] = uuid
		}
	}
	elements := []attr.Value{}
	for _, text := range now {
		if known, ok := spelled[CanonicalUUID(text)]; ok {
			elements = append(elements, known)
		} else {
			elements = append(elements, UUIDOrNull(text))
		}
	}
	return types.SetValueMust(kind, elements)
}

// CanonicalElements returns the canonical spellings of the elements of a set or list.
func CanonicalElements(collection interface{ Elements() []attr.Value }) []string {
	texts := []string{}
	for _, element := range collection.Elements() {
		if spelled, ok := element.(interface{ Canonical() string }); ok {
			texts = append(texts, spelled.Canonical())
		}
	}
	return texts
}

// KeepUUIDSet is KeepUUID for a set, whatever the order.
func KeepUUIDSet() planmodifier.Set { return keepSet{} }

type keepSet struct{ planDescription }

func (keepSet) PlanModifySet(_ context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if req.StateValue.IsNull() || req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || unknownElement(req.ConfigValue) {
		return
	}
	if slices.Equal(slices.Sorted(slices.Values(CanonicalElements(req.StateValue))), slices.Sorted(slices.Values(CanonicalElements(req.ConfigValue)))) {
		resp.PlanValue = req.StateValue
	}
}

// KeepPublicKeyList is KeepSpelling for a list of public keys.
func KeepPublicKeyList() planmodifier.List { return keepList{} }

type keepList struct{ planDescription }

func (keepList) PlanModifyList(_ context.Context, req planmodifier.ListRequest, resp *planmodifier.ListResponse) {
	if req.StateValue.IsNull() || req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || unknownElement(req.ConfigValue) {
		return
	}
	if slices.Equal(CanonicalElements(req.StateValue), CanonicalElements(req.ConfigValue)) {
		resp.PlanValue = req.StateValue
	}
}

type planDescription struct{}

func (planDescription) Description(context.Context) string {
	return "Another spelling of the same values is no change."
}

func (d planDescription) MarkdownDescription(ctx context.Context) string { return d.Description(ctx) }

func unknownElement(collection interface{ Elements() []attr.Value }) bool {
	for _, element := range collection.Elements() {
		if element.IsUnknown() {
			return true
		}
	}
	return false
}
