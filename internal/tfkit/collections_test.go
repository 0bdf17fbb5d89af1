package tfkit

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	keyBlob    = "AAAAC3NzaC1lZDI1NTE5AAAAIAcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm"
	key        = "ssh-ed25519 " + keyBlob + " ci@example.org"
	keyForm    = `one SSH public key such as "ssh-ed25519 AAAA... comment", without options.`
	anotherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM8tlwZzaYL7JhZW0ucSNEw8OL2Us0pETqTzzpdZHNSP"
)

func TestPublicKeyForms(t *testing.T) {
	for name, test := range map[string]struct {
		text, want string // "": malformed
	}{
		"with a comment":         {key, key},
		"without a comment":      {anotherKey, anotherKey},
		"a comment of words":     {key + " and more", key + " and more"},
		"a line's end":           {key + "\n", key},
		"white space around":     {" \t" + key + "\r\n\n", key},
		"white space inside":     {"ssh-ed25519  " + keyBlob, "ssh-ed25519  " + keyBlob},
		"empty":                  {"", ""},
		"blank":                  {" \n", ""},
		"words":                  {"not a key", ""},
		"the blob alone":         {keyBlob, ""},
		"a blob cut off":         {key[:40], ""},
		"a blob of another type": {"ssh-rsa " + keyBlob, ""},
		"options":                {`restrict,from="10.0.0.0/8" ` + key, ""},
		"an option":              {"restrict " + key, ""},
		"a comment line":         {"# " + key, ""},
		"two keys":               {key + "\n" + anotherKey, ""},
		"a key, then words":      {key + "\nnot a key", ""},
		"a private key": {
			"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := PublicKeyOf(test.text)
			if got.ValueString() != test.text || got.Canonical() != test.want {
				t.Errorf("%q, canonical %q, want %q", got.ValueString(), got.Canonical(), test.want)
			}
			want := []string{}
			if test.want == "" {
				want = append(want, "Error some.uuid: Invalid SSH public key: some.uuid must be "+keyForm)
			}
			wantStrings(t, validated(t, got), want...)
		})
	}
	if got := (PublicKeyType{}).String(); got != "tfkit.SSH public keyType" {
		t.Error(got)
	}
}

// The framework validates attributes by their types, but not elements.
func TestElements(t *testing.T) {
	null := normalizedOf[uuidNormalizer](types.StringNull())
	unknown := normalizedOf[uuidNormalizer](types.StringUnknown())
	for name, test := range map[string]struct {
		set  types.Set
		want []string
	}{
		"well-formed": {setOf(uuidOf(bare), uuidOf(strings.ToUpper(other))), nil},
		"unknown":     {setOf(unknown), nil},
		"null":        {setOf(null), []string{"Error users: Null Set Value: This attribute contains a null value."}},
		"one in two spellings": {setOf(uuidOf(bare), uuidOf(hyphenated)), []string{
			`Error users[Value("` + hyphenated + `")]: Value in two spellings: users has the UUID ` + bare + ` twice.`,
		}},
		"no set":        {types.SetNull(UUIDType{}), nil},
		"not known yet": {types.SetUnknown(UUIDType{}), nil},
		"malformed": {setOf(uuidOf(bare), uuidOf("x")), []string{
			`Error users[Value("x")]: Invalid UUID: users[Value("x")] must be a UUID: 32 hexadecimal digits, ` +
				`with or without hyphens; got "x".`,
		}},
	} {
		t.Run("UUIDs: "+name, func(t *testing.T) {
			var resp validator.SetResponse
			for _, v := range UUIDElements() {
				v.ValidateSet(t.Context(), validator.SetRequest{Path: path.Root("users"), ConfigValue: test.set}, &resp)
				if v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) == "" {
					t.Error("no description")
				}
			}
			wantStrings(t, texts(resp.Diagnostics), test.want...)
		})
	}
	for name, test := range map[string]struct {
		list types.List
		want []string
	}{
		"well-formed": {listOf(key, anotherKey+"\n"), nil},
		"no list":     {types.ListNull(PublicKeyType{}), nil},
		"malformed": {listOf(key, "x", ""), []string{
			"Error keys[1]: Invalid SSH public key: keys[1] must be " + keyForm,
			"Error keys[2]: Invalid SSH public key: keys[2] must be " + keyForm,
		}},
	} {
		t.Run("keys: "+name, func(t *testing.T) {
			var resp validator.ListResponse
			req := validator.ListRequest{Path: path.Root("keys"), ConfigValue: test.list}
			for _, v := range PublicKeyElements() {
				v.ValidateList(t.Context(), req, &resp)
			}
			wantStrings(t, texts(resp.Diagnostics), test.want...)
		})
	}
}

func setOf(elements ...attr.Value) types.Set { return types.SetValueMust(UUIDType{}, elements) }

func listOf(keys ...string) types.List {
	elements := []attr.Value{}
	for _, key := range keys {
		elements = append(elements, PublicKeyOf(key))
	}
	return types.ListValueMust(PublicKeyType{}, elements)
}

func TestKeepPublicKeys(t *testing.T) {
	null, unknown := types.ListNull(PublicKeyType{}), types.ListUnknown(PublicKeyType{})
	partly := types.ListValueMust(PublicKeyType{}, []attr.Value{PublicKey{types.StringUnknown()}})
	for name, test := range map[string]struct{ state, config, want types.List }{
		"a newline in the configuration": {listOf(key), listOf(key + "\n"), listOf(key)},
		"a newline in the state":         {listOf(key + "\n"), listOf(key), listOf(key)},
		"a newline in one key": {
			listOf(key, anotherKey), listOf(key, anotherKey+"\n"), listOf(key, anotherKey),
		},
		"another key":              {listOf(key), listOf(anotherKey + "\n"), listOf(anotherKey + "\n")},
		"one key more":             {listOf(key), listOf(key+"\n", anotherKey), listOf(key+"\n", anotherKey)},
		"another order":            {listOf(key, anotherKey), listOf(anotherKey, key), listOf(anotherKey, key)},
		"no keys any more":         {listOf(), null, null},
		"keys for the first time":  {null, listOf(key), listOf(key)},
		"empty for the first time": {null, listOf(), listOf()},
		"unknown":                  {listOf(key), unknown, unknown},
		"unknown in part":          {listOf(key), partly, partly},
	} {
		t.Run(name, func(t *testing.T) {
			req := planmodifier.ListRequest{StateValue: test.state, ConfigValue: test.config, PlanValue: test.config}
			resp := planmodifier.ListResponse{PlanValue: test.config}
			KeepPublicKeys().PlanModifyList(t.Context(), req, &resp)
			if !resp.PlanValue.Equal(test.want) {
				t.Errorf("got %s, want %s", resp.PlanValue, test.want)
			}
		})
	}
}

func TestUUIDSet(t *testing.T) {
	null, unknown := types.SetNull(UUIDType{}), types.SetUnknown(UUIDType{})
	for name, test := range map[string]struct {
		prior types.Set
		now   []string
		want  types.Set
	}{
		"nothing, none":        {null, nil, null},
		"the zero value, none": {types.Set{}, nil, null},
		"not known yet, none":  {unknown, nil, null},
		"empty stays empty":    {setOf(), nil, setOf()},
		"some, none":           {setOf(uuidOf(bare)), []string{}, null},
		"nothing, some":        {null, []string{other, bare}, setOf(uuidOf(bare), uuidOf(other))},
		"not known yet, some":  {unknown, []string{bare}, setOf(uuidOf(bare))},
		"empty, some":          {setOf(), []string{bare}, setOf(uuidOf(bare))},
		"another spelling is kept": {
			setOf(uuidOf(strings.ToUpper(hyphenated))), []string{bare}, setOf(uuidOf(strings.ToUpper(hyphenated))),
		},
		"and the server's, if new": {
			setOf(uuidOf(hyphenated)), []string{other, bare}, setOf(uuidOf(hyphenated), uuidOf(other)),
		},
		"one is gone": {
			setOf(uuidOf(hyphenated), uuidOf(other)), []string{bare}, setOf(uuidOf(hyphenated)),
		},
		"one is another": {setOf(uuidOf(hyphenated)), []string{other}, setOf(uuidOf(other))},
		"elements of another type": {
			types.SetValueMust(types.StringType, []attr.Value{types.StringValue(hyphenated)}), []string{bare},
			setOf(uuidOf(bare)),
		},
		"an element not known yet": {
			setOf(normalizedOf[uuidNormalizer](types.StringUnknown())), []string{bare}, setOf(uuidOf(bare)),
		},
		"the server uses hyphens":   {setOf(uuidOf(bare)), []string{hyphenated}, setOf(uuidOf(bare))},
		"hyphens, and nothing held": {null, []string{hyphenated}, setOf(uuidOf(hyphenated))},
	} {
		t.Run(name, func(t *testing.T) {
			if got := UUIDSet(test.prior, test.now); !got.Equal(test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestCanonicalElements(t *testing.T) {
	for name, test := range map[string]struct {
		collection interface{ Elements() []attr.Value }
		want       []string
	}{
		"null set":            {types.SetNull(UUIDType{}), []string{}},
		"unknown list":        {types.ListUnknown(PublicKeyType{}), []string{}},
		"UUIDs":               {setOf(uuidOf(strings.ToUpper(hyphenated)), uuidOf(other)), []string{bare, other}},
		"keys in their order": {listOf(key+"\n", anotherKey, " "+key), []string{key, anotherKey, key}},
		"plain strings": {
			types.ListValueMust(types.StringType, []attr.Value{types.StringValue("x")}), []string{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := CanonicalElements(test.collection); got == nil || !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestWhollyKnown(t *testing.T) {
	for name, test := range map[string]struct {
		collection interface {
			IsUnknown() bool
			Elements() []attr.Value
		}
		want bool
	}{
		"known": {
			setOf(uuidOf(bare)), true}, "null": {types.SetNull(UUIDType{}),
			true}, "unknown": {types.SetUnknown(UUIDType{}), false},
		"an element unknown": {
			setOf(uuidOf(bare), normalizedOf[uuidNormalizer](types.StringUnknown())), false}, "list": {listOf(key),
			true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := WhollyKnown(test.collection); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

// The parser skips lines that are not keys: a private key could hide before a public key.
func TestPublicKeyIsOneLine(t *testing.T) {
	for name, text := range map[string]string{
		"words, then a key":          "not a key\n" + key,
		"a comment line, then a key": "# mine\n" + key,
		"options first":              "restrict AAAA\n" + key,
		"a private key, then a key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n" +
			"-----END OPENSSH PRIVATE KEY-----\n" + key,
		"a key, then more": key + "\r-----BEGIN X",
	} {
		t.Run(name, func(t *testing.T) {
			if got := PublicKeyOf(text).Canonical(); got != "" {
				t.Errorf("accepted: %q", got)
			}
		})
	}
}
