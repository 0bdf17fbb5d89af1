package rotation

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

const day = 24 * time.Hour

// issuedAt is when the key of the tests was issued, endsAt when it ends.
var (
	issuedAt = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	endsAt   = issuedAt.Add(90 * day)
)

func at(when time.Time) tfkit.Clock { return func() time.Time { return when } }

func lasting(d time.Duration) tfkit.Duration {
	return tfkit.Duration{StringValue: types.StringValue((d).String())}
}

func keepers(pairs ...string) types.Map {
	elements := map[string]attr.Value{}
	for i := 0; i < len(pairs); i += 2 {
		elements[pairs[i]] = types.StringValue(pairs[i+1])
	}
	return types.MapValueMust(types.StringType, elements)
}

// recipients returns a list of public keys, null if there are none.
func recipients(texts ...string) types.List {
	if texts == nil {
		return types.ListNull(types.StringType)
	}
	elements := make([]attr.Value, len(texts))
	for i, text := range texts {
		elements[i] = types.StringValue(text)
	}
	return types.ListValueMust(types.StringType, elements)
}

func noKeepers() types.Map { return types.MapNull(types.StringType) }

func unknownKeepers() types.Map { return types.MapUnknown(types.StringType) }

// keepersUnknownAt returns keepers with an unknown value under a name.
func keepersUnknownAt(name string, pairs ...string) types.Map {
	elements := keepers(pairs...).Elements()
	elements[name] = types.StringUnknown()
	return types.MapValueMust(types.StringType, elements)
}

// keepersNullAt returns keepers with null under a name.
func keepersNullAt(name string, pairs ...string) types.Map {
	elements := keepers(pairs...).Elements()
	elements[name] = types.StringNull()
	return types.MapValueMust(types.StringType, elements)
}

// issuedKey returns a key as the state has it after the key was issued, without triggers.
func issuedKey() Key {
	return Key{
		APIKey:             types.StringValue("key-1"),
		EncryptedAPIKey:    types.StringNull(),
		AgeRecipients:      recipients(),
		ExpiresAt:          types.StringValue("2026-05-30T12:00:00Z"),
		RotatedAt:          timetypes.NewRFC3339ValueMust("2026-03-01T12:00:00Z"),
		KeyVersion:         types.Int64Value(issuedAt.Unix()),
		Keepers:            noKeepers(),
		RotateAfter:        tfkit.Duration{},
		RotateBeforeExpiry: tfkit.Duration{},
		Overlap:            tfkit.Duration{},
	}
}

// importedKey returns a key as the state has it after an import.
func importedKey() Key {
	k := issuedKey()
	k.Clear()
	return k
}

// rotating returns the plan of a rotation of a key, by a changed keeper.
func rotating(prior Key) Key {
	k := prior
	k.APIKey, k.ExpiresAt, k.RotatedAt = types.StringUnknown(), types.StringUnknown(), timetypes.NewRFC3339Unknown()
	k.KeyVersion = types.Int64Unknown()
	k.Keepers = keepers("v", "2")
	return k
}

// wantKey compares keys of either type.
func wantKey[K Key | OverlappingKey](t *testing.T, got, want K) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// texts writes diagnostics as "Severity path: summary: detail".
func texts(diags diag.Diagnostics) []string {
	all := []string{}
	for _, d := range diags {
		text := d.Severity().String()
		if located, ok := d.(diag.DiagnosticWithPath); ok {
			text += " " + located.Path().String()
		}
		all = append(all, text+": "+d.Summary()+": "+d.Detail())
	}
	return all
}

func wantTexts(t *testing.T, got diag.Diagnostics, want ...string) {
	t.Helper()
	if !slices.Equal(texts(got), want) {
		t.Errorf("got  %s\nwant %s", strings.Join(texts(got), "\n     "), strings.Join(want, "\n     "))
	}
}

// privateState is the private state of a resource.
type privateState struct {
	values map[string][]byte
	broken string // the key that fails
}

func (p *privateState) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	if key == p.broken {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic("Broken", key)}
	}
	return p.values[key], nil
}

func (p *privateState) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	if key == p.broken || !json.Valid(value) {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Broken", key)}
	}
	if p.values == nil {
		p.values = map[string][]byte{}
	}
	p.values[key] = value
	return nil
}

// load returns the plan context, which must have no errors.
func (p *privateState) load(t *testing.T) PlanContext {
	t.Helper()
	var diags diag.Diagnostics
	c := LoadPlanContext(t.Context(), p, &diags)
	wantTexts(t, diags)
	return c
}

func wantSealed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
