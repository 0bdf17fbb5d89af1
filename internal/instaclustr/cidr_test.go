package instaclustr

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func cidrs(texts ...string) types.Set {
	elements := []attr.Value{}
	for _, text := range texts {
		elements = append(elements, cidr{StringValue: types.StringValue(text)})
	}
	return types.SetValueMust(cidrType{}, elements)
}

func TestPrefixes(t *testing.T) {
	for name, test := range map[string]struct{ texts, want []string }{
		"order": {
			[]string{"203.0.113.0/24", "198.51.100.0/24"}, []string{"198.51.100.0/24", "203.0.113.0/24"},
		},
		"bits of the host":   {[]string{"127.0.0.1/31"}, []string{"127.0.0.0/31"}},
		"one, spelled twice": {[]string{"10.0.0.1/8", "10.255.0.0/8"}, []string{"10.0.0.0/8"}},
		"one address":        {[]string{"203.0.113.7/32"}, []string{"203.0.113.7/32"}},
		"everything":         {[]string{"0.0.0.0/0", "::/0"}, []string{"0.0.0.0/0", "::/0"}},
		"IPv6":               {[]string{"2001:DB8:0::1/32"}, []string{"2001:db8::/32"}},
		"IPv4 in IPv6":       {[]string{"::ffff:192.0.2.1/112"}, []string{"::ffff:192.0.0.0/112"}},
		"an empty list":      {nil, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := prefixes(cidrs(test.texts...)); !slices.Equal(got, test.want) {
				t.Errorf("sent %q, want %q", got, test.want)
			}
			if got := prefixesOf(test.texts); !slices.Equal(got, test.want) {
				t.Errorf("returned %q, want %q", got, test.want)
			}
		})
	}
	wantEqual(t, prefixesOf([]string{"everywhere", "10.1.0.0/8"}), []string{"10.0.0.0/8", "everywhere"})
	if got := prefixes(types.SetNull(cidrType{})); len(got) != 0 {
		t.Errorf("no list: %q", got)
	}
	for _, text := range []string{
		"", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "010.0.0.0/8", "2001:db8::/129", "fe80::1%eth0/64", "10.0.0.0/08",
		" 10.0.0.0/8", "example.com/24",
	} {
		if _, err := (cidrNormalizer{}).Canonical(text); err == nil {
			t.Errorf("%q is accepted as a prefix", text)
		}
	}
}

// The canonical text of a prefix is its own canonical text.
func FuzzCIDR(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		canonical, err := (cidrNormalizer{}).Canonical(text)
		if err != nil {
			return
		}
		if again, err := (cidrNormalizer{}).Canonical(canonical); err != nil || again != canonical {
			t.Errorf("%q became %q, then %q, %v", text, canonical, again, err)
		}
	})
}
