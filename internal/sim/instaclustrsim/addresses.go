package instaclustrsim

import (
	"net/netip"
	"slices"
	"strconv"
)

// readPrefixes returns the list to store, or what is wrong with it.
func (s *Sim) readPrefixes(list []string) (stored []string, problem string) {
	if len(list) == 0 {
		return nil, "cannot be empty."
	}
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		switch {
		case err != nil:
			return nil, "holds " + strconv.Quote(text) + ", which is not a CIDR."
		case prefix.Addr().Is6() && s.options.IPv6 == "":
			return nil, "holds " + strconv.Quote(text) + ", which is not IPv4."
		case s.options.CIDR == "refuseHostBits" && prefix != prefix.Masked():
			return nil, "holds " + strconv.Quote(text) + ", which has host bits set."
		case s.options.CIDR == "normalise":
			text = prefix.Masked().String()
		}
		stored = append(stored, text)
	}
	return stored, ""
}

// admits treats 0.0.0.0/0 as the documentation does, as open to all: it also admits IPv6 and
// unknown addresses.
func admits(list []string, address netip.Addr) bool {
	return slices.ContainsFunc(list, func(text string) bool {
		prefix, err := netip.ParsePrefix(text)
		return err == nil && (text == openToAll || prefix.Contains(address.Unmap()))
	})
}
