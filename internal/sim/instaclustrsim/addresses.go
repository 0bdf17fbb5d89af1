package instaclustrsim

import (
	"net/netip"
	"slices"
	"strconv"
)

// readPrefixes gives the list to store, or what is wrong with it.
func (s *Sim) readPrefixes(list []string) (stored []string, problem string) {
	if len(list) == 0 {
		return nil, "cannot be empty."
	}
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		switch {
		case err != nil:
			return nil, "holds " + strconv.Quote(text) + ", which is not a CIDR."
		case prefix.Addr().Is6() && s.options.IPv6 == IPv6Refused:
			return nil, "holds " + strconv.Quote(text) + ", which is not IPv4."
		case s.options.CIDR == CIDRRefuseHostBits && prefix != prefix.Masked():
			return nil, "holds " + strconv.Quote(text) + ", which has host bits set."
		case s.options.CIDR == CIDRNormalise:
			text = prefix.Masked().String()
		}
		stored = append(stored, text)
	}
	return stored, ""
}

// admits reads 0.0.0.0/0 as the documentation does, open to all, so that it lets IPv6 in, and an address that is not
// known.
func admits(list []string, address netip.Addr) bool {
	return slices.ContainsFunc(list, func(text string) bool {
		prefix, err := netip.ParsePrefix(text)
		open := err == nil && prefix.Bits() == 0 && prefix.Addr().Is4()
		return open || err == nil && prefix.Contains(address.Unmap())
	})
}
