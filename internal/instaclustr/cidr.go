package instaclustr

import (
	"fmt"
	"net/netip"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// cidr is a string attribute that holds a prefix of IPv4 or IPv6 addresses. Bits of the host do not
// count: a server may keep or clear them.
type cidr = tfkit.Normalized[cidrNormalizer]

type cidrType = tfkit.NormalizedType[cidrNormalizer]

type cidrNormalizer struct{}

func (cidrNormalizer) Name() string { return "CIDR" }

func (cidrNormalizer) Canonical(text string) (string, error) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return "", fmt.Errorf("an address, a slash and the length of a prefix, such as 198.51.100.0/24, "+
			"203.0.113.7/32 or 2001:db8::/32; got %s", tfkit.Quote(text))
	}
	return prefix.Masked().String(), nil
}

// prefixes returns the canonical prefixes of an allow list, which the provider sends; none if the
// list is null.
func prefixes(allowList types.Set) []string {
	return tfkit.Distinct(tfkit.CanonicalElements(allowList))
}

// prefixesOf is prefixes for a list that the server returned. A text that is not a prefix stays as
// it is.
func prefixesOf(returned []string) []string {
	canonical := make([]string, len(returned))
	for i, text := range returned {
		var err error
		if canonical[i], err = (cidrNormalizer{}).Canonical(text); err != nil {
			canonical[i] = text
		}
	}
	return tfkit.Distinct(canonical)
}
