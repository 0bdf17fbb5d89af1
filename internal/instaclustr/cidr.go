package instaclustr

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// cidr is a string attribute that holds a prefix of IPv4 or IPv6 addresses. Bits of the host don't count: a server may keep or clear them.
type cidr = tfkit.Normalized[cidrNormalizer]

type cidrType = tfkit.NormalizedType[cidrNormalizer]

type cidrNormalizer struct{}

func (cidrNormalizer) Name() string { return "CIDR" }

func (cidrNormalizer) Canonical(text string) (string, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return "", fmt.Errorf("an address, a slash and the length of a prefix, such as 198.51.100.0/24, 203.0.113.7/32 or 2001:db8::/32; got %q", text)
	}
	return prefix.Masked().String(), nil
}

// allowListElements refuses an empty allow list, and one with an element that is no prefix.
func allowListElements() []validator.Set {
	return []validator.Set{
		setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(tfkit.WellFormed[cidrNormalizer]()),
	}
}

// prefixes returns what an allow list means: masked prefixes, sorted, each once. It is what is sent.
func prefixes(allowList types.Set) []string { return distinct(tfkit.CanonicalElements(allowList)) }

// prefixesOf is prefixes of what the server tells. A text that is no prefix stands for itself.
func prefixesOf(told []string) []string {
	masked := make([]string, len(told))
	for i, text := range told {
		var err error
		if masked[i], err = (cidrNormalizer{}).Canonical(text); err != nil {
			masked[i] = text
		}
	}
	return distinct(masked)
}

func distinct(texts []string) []string {
	sorted := slices.Sorted(slices.Values(texts))
	return slices.Compact(sorted)
}

// stringsOf returns the known elements of a set of texts, sorted.
func stringsOf(set types.Set) []string {
	texts := []string{}
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() {
			texts = append(texts, text.ValueString())
		}
	}
	return distinct(texts)
}
