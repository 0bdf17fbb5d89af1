package rotation

import (
	"reflect"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

const day = 24 * time.Hour

// issuedAt is when the key of the tests was issued, endsAt when it ends.
var (
	issuedAt = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	endsAt   = issuedAt.Add(90 * day)
)

func at(when time.Time) tfkit.Clock { return func() time.Time { return when } }

func keepers(pairs ...string) types.Map {
	elements := map[string]attr.Value{}
	for i := 0; i < len(pairs); i += 2 {
		elements[pairs[i]] = types.StringValue(pairs[i+1])
	}
	return types.MapValueMust(types.StringType, elements)
}

func noKeepers() types.Map { return types.MapNull(types.StringType) }

func unknownKeepers() types.Map { return types.MapUnknown(types.StringType) }

// keepersUnknownAt returns keepers of which one has an unknown value.
func keepersUnknownAt(name string, pairs ...string) types.Map {
	elements := keepers(pairs...).Elements()
	elements[name] = types.StringUnknown()
	return types.MapValueMust(types.StringType, elements)
}

// issued is a key as state holds it after it was issued, with no trigger set.
func issued() Key {
	return Key{
		APIKey:             types.StringValue("key-1"),
		ExpiresAt:          types.StringValue("2026-05-30T12:00:00Z"),
		RotatedAt:          timetypes.NewRFC3339ValueMust("2026-03-01T12:00:00Z"),
		Keepers:            noKeepers(),
		RotateAfter:        timetypes.NewGoDurationNull(),
		RotateBeforeExpiry: timetypes.NewGoDurationNull(),
		Overlap:            timetypes.NewGoDurationNull(),
	}
}

// imported is a key as state holds it after an import: nothing is known of it.
func imported() Key {
	k := issued()
	k.Clear()
	return k
}

func wantKey(t *testing.T, got, want Key) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestIssued(t *testing.T) {
	minus3 := time.FixedZone("", -3*60*60)
	for name, test := range map[string]struct {
		expiresAt string
		now       time.Time
		expires   types.String
		rotatedAt string
	}{
		"expiry as told":         {"2026-05-31T08:15:30.489112", issuedAt, types.StringValue("2026-05-31T08:15:30.489112"), "2026-03-01T12:00:00Z"},
		"no expiry":              {"", issuedAt, types.StringNull(), "2026-03-01T12:00:00Z"},
		"fractions are cut":      {"", issuedAt.Add(time.Second - 1), types.StringNull(), "2026-03-01T12:00:00Z"},
		"another zone is turned": {"", time.Date(2026, time.March, 1, 22, 30, 0, 0, minus3), types.StringNull(), "2026-03-02T01:30:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			got := imported()
			got.RotatedAt = timetypes.NewRFC3339Unknown()
			got.Keepers = keepers("v", "1")
			want := got
			want.APIKey, want.ExpiresAt = types.StringValue("key-2"), test.expires
			want.RotatedAt = timetypes.NewRFC3339ValueMust(test.rotatedAt)

			got.Set(Issued{transport.NewSecret("key-2"), test.expiresAt}, at(test.now))
			wantKey(t, got, want)
			if got.WillRotate() {
				t.Error("a key that was issued is still planned")
			}
		})
	}
}

func TestLost(t *testing.T) {
	got := issued()
	got.Keepers = keepers("v", "1")
	got.RotateAfter = timetypes.NewGoDurationValue(day)
	want := got
	want.APIKey, want.ExpiresAt, want.RotatedAt = types.StringNull(), types.StringNull(), timetypes.NewRFC3339Null()

	got.Clear()
	wantKey(t, got, want)
	if got.WillRotate() {
		t.Error("a lost key is planned")
	}
}

func TestKeep(t *testing.T) {
	prior := issued()
	prior.Keepers = keepers("v", "1")
	prior.RotateAfter = timetypes.NewGoDurationValue(day)
	prior.RotateBeforeExpiry = timetypes.NewGoDurationValue(day)

	got := Key{
		APIKey: types.StringUnknown(), ExpiresAt: types.StringUnknown(), RotatedAt: timetypes.NewRFC3339Unknown(),
		Keepers:            keepers("v", "2"),
		RotateAfter:        timetypes.NewGoDurationValue(2 * day),
		RotateBeforeExpiry: timetypes.NewGoDurationNull(),
		Overlap:            timetypes.NewGoDurationNull(),
	}
	want := prior
	want.RotateAfter, want.RotateBeforeExpiry = got.RotateAfter, got.RotateBeforeExpiry

	got.restore(prior)
	wantKey(t, got, want)

	// A rotation that was due is due still, at a plan from what Keep left in state.
	again := got
	again.Keepers = keepers("v", "2")
	if again.Plan(got, PlanContext{}, ""); !again.WillRotate() {
		t.Error("the rotation is no longer due")
	}
}

func TestPlanned(t *testing.T) {
	for name, test := range map[string]struct {
		rotatedAt timetypes.RFC3339
		want      bool
	}{
		"unknown": {timetypes.NewRFC3339Unknown(), true},
		"known":   {timetypes.NewRFC3339TimeValue(issuedAt), false},
		"null":    {timetypes.NewRFC3339Null(), false},
	} {
		t.Run(name, func(t *testing.T) {
			// The other two alone say nothing.
			k := Key{APIKey: types.StringUnknown(), ExpiresAt: types.StringUnknown(), RotatedAt: test.rotatedAt}
			if got := k.WillRotate(); got != test.want {
				t.Errorf("planned: %v", got)
			}
		})
	}
}

func TestExpiry(t *testing.T) {
	micro := endsAt.Add(489112 * time.Microsecond)
	for name, test := range map[string]struct {
		text types.String
		want time.Time
		ok   bool
	}{
		"RFC 3339 with Z":                   {types.StringValue("2026-05-30T12:00:00Z"), endsAt, true},
		"RFC 3339 with an offset":           {types.StringValue("2026-05-30T14:00:00+02:00"), endsAt, true},
		"RFC 3339 with a zero offset":       {types.StringValue("2026-05-30T12:00:00.489112+00:00"), micro, true},
		"RFC 3339 with nanoseconds":         {types.StringValue("2026-05-30T12:00:00.489112000Z"), micro, true},
		"no offset":                         {types.StringValue("2026-05-30T12:00:00"), endsAt, true},
		"no offset, microseconds":           {types.StringValue("2026-05-30T12:00:00.489112"), micro, true},
		"a date":                            {types.StringValue("2026-05-30"), time.Time{}, false},
		"a space for the T":                 {types.StringValue("2026-05-30 12:00:00"), time.Time{}, false},
		"seconds since 1970":                {types.StringValue("1780142400"), time.Time{}, false},
		"words":                             {types.StringValue("never"), time.Time{}, false},
		"empty":                             {types.StringValue(""), time.Time{}, false},
		"null":                              {types.StringNull(), time.Time{}, false},
		"unknown":                           {types.StringUnknown(), time.Time{}, false},
		"a day that the calendar lacks":     {types.StringValue("2026-02-30T12:00:00Z"), time.Time{}, false},
		"an offset of a form of its own":    {types.StringValue("2026-05-30T12:00:00+0000"), time.Time{}, false},
		"a text with white space around it": {types.StringValue(" 2026-05-30T12:00:00Z"), time.Time{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			k := Key{ExpiresAt: test.text}
			if got, ok := k.expiry(); ok != test.ok || !got.Equal(test.want) {
				t.Errorf("got %s, %v, want %s, %v", got, ok, test.want, test.ok)
			}
		})
	}
}
