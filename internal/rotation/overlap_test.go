package rotation

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// overlapEnd is the end of an overlap of two days that began at issuedAt.
const overlapEnd = "2026-03-03T12:00:00Z"

// withoutPrevious returns a key without a previous key and without an overlap.
func withoutPrevious() OverlappingKey {
	k := OverlappingKey{
		Key: issuedKey(), StoreAPIKey: types.BoolValue(true),
		PreviousAPIKey: types.StringNull(), PreviousExpiresAt: timetypes.NewRFC3339Null(),
	}
	k.ExpiresAt = types.StringNull()
	k.Keepers = keepers("v", "1")
	return k
}

// withPrevious returns a key whose previous key is valid for an overlap of two days.
func withPrevious() OverlappingKey {
	k := withoutPrevious()
	k.Overlap = lasting(2 * day)
	k.PreviousAPIKey = types.StringValue("key-0")
	k.PreviousExpiresAt = timetypes.NewRFC3339ValueMust(overlapEnd)
	return k
}

// notStored is withPrevious with values that are not in state.
func notStored() OverlappingKey {
	k := withPrevious()
	k.StoreAPIKey = types.BoolValue(false)
	k.APIKey, k.PreviousAPIKey = types.StringNull(), types.StringNull()
	return k
}

// undated is withPrevious with an unknown time of the rotation.
func undated() OverlappingKey {
	k := withPrevious()
	k.RotatedAt = timetypes.NewRFC3339Null()
	return k
}

const (
	revokedAtOnce = "The current key is revoked as soon as there is a new one."
	staysValid    = "The current key stays valid for overlap = 48h0m0s more, as previous_api_key."
	mayStayValid  = "It is not known before apply whether the current key stays valid for some time."
	olderRevoked  = " The previous key, which would be valid until " + overlapEnd + ", is revoked at once."
	overlapOver   = "its overlap ended at "
	noOverlap     = "there is no overlap any more"
	noDate        = "the end of its overlap is not known, since it is not known when the current key was issued"
)

func rotation(effect string) []string {
	return []string{rotationWarning(keepersDiffer, effect)}
}

func revocation(reason string) []string {
	return []string{
		"Warning: API key revocation: Applying this plan revokes the previous API key: " + reason + ".",
	}
}

// unknownPrevious is a plan in which the previous key is not known before apply.
func unknownPrevious(k OverlappingKey) OverlappingKey {
	k.PreviousAPIKey, k.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	return k
}

func TestOverlappingPlanThatRotates(t *testing.T) {
	null, unknown := tfkit.Duration{}, tfkit.Duration{StringValue: types.StringUnknown()}
	for name, test := range map[string]struct {
		prior    OverlappingKey
		overlap  tfkit.Duration
		previous bool // whether there may be a previous key after the apply
		want     []string
	}{
		"no overlap":                     {withoutPrevious(), null, false, rotation(revokedAtOnce)},
		"no overlap, previous key":       {withPrevious(), null, false, rotation(revokedAtOnce + olderRevoked)},
		"overlap":                        {withoutPrevious(), lasting(2 * day), true, rotation(staysValid)},
		"overlap, previous key":          {withPrevious(), lasting(2 * day), true, rotation(staysValid + olderRevoked)},
		"unknown overlap":                {withoutPrevious(), unknown, true, rotation(mayStayValid)},
		"unknown overlap, previous key":  {withPrevious(), unknown, true, rotation(mayStayValid + olderRevoked)},
		"not stored, no overlap":         {notStored(), null, false, rotation(revokedAtOnce + olderRevoked)},
		"not stored, overlap":            {notStored(), lasting(2 * day), true, rotation(staysValid + olderRevoked)},
		"not stored, an unknown overlap": {notStored(), unknown, true, rotation(mayStayValid + olderRevoked)},
	} {
		for moment, read := range map[string]time.Time{
			"never read": {}, "during the overlap": issuedAt.Add(day), "long after": issuedAt.Add(100 * day),
		} {
			t.Run(name+", "+moment, func(t *testing.T) {
				planned := test.prior
				planned.Overlap, planned.Keepers = test.overlap, keepers("v", "2")
				want, priorBefore := planned, test.prior
				want.Key = rotating(planned.Key)
				want.ClearPrevious()
				if test.previous {
					want = unknownPrevious(want)
				}
				if !test.prior.StoreAPIKey.ValueBool() {
					want.APIKey, want.PreviousAPIKey = types.StringNull(), types.StringNull()
				}
				wantTexts(t, planned.Plan(test.prior, readAt(read)), test.want...)
				wantKey(t, planned, want)
				wantKey(t, test.prior, priorBefore)
			})
		}
	}
}

func TestOverlappingPlanThatDoesNotRotate(t *testing.T) {
	end := issuedAt.Add(2 * day)
	const day3, day4 = "2026-03-02T12:00:00Z", "2026-03-04T12:00:00Z"
	null, unknown := tfkit.Duration{}, tfkit.Duration{StringValue: types.StringUnknown()}
	none, previous := withoutPrevious(), withPrevious()
	for name, test := range map[string]struct {
		prior   OverlappingKey
		overlap tfkit.Duration
		read    time.Time
		expires string // previous_expires_at after the apply; "": there is no previous key
		want    []string
	}{
		"no previous key, no overlap":         {none, null, end, "", nil},
		"no previous key, an overlap":         {none, lasting(2 * day), end, "", nil},
		"no previous key, an unknown overlap": {none, unknown, end, "", nil},

		"at its beginning":       {previous, lasting(2 * day), issuedAt, overlapEnd, nil},
		"a nanosecond early":     {previous, lasting(2 * day), end.Add(-1), overlapEnd, nil},
		"exactly at the end":     {previous, lasting(2 * day), end, "", revocation(overlapOver + overlapEnd)},
		"late":                   {previous, lasting(2 * day), end.Add(day), "", revocation(overlapOver + overlapEnd)},
		"another zone":           {previous, lasting(2 * day), inZone(end), "", revocation(overlapOver + overlapEnd)},
		"not read yet":           {previous, lasting(2 * day), time.Time{}, overlapEnd, nil},
		"the clock was set back": {previous, lasting(2 * day), issuedAt.Add(-100 * day), overlapEnd, nil},

		"shortened, not over": {previous, lasting(day), issuedAt.Add(time.Hour), day3, nil},
		"shortened, over by that": {
			previous, lasting(day), issuedAt.Add(day), "", revocation(overlapOver + day3),
		},
		"shortened, not read yet": {previous, lasting(day), time.Time{}, day3, nil},
		"lengthened, not over":    {previous, lasting(3 * day), issuedAt.Add(day), day4, nil},
		"lengthened, else over":   {previous, lasting(3 * day), end.Add(time.Hour), day4, nil},
		"lengthened, over even so": {
			previous, lasting(3 * day), issuedAt.Add(3 * day), "", revocation(overlapOver + day4),
		},
		"removed during the overlap": {previous, null, issuedAt.Add(day), "", revocation(noOverlap)},
		"removed, not read yet":      {previous, null, time.Time{}, "", revocation(noOverlap)},
		"not stored, not over":       {notStored(), lasting(2 * day), issuedAt, overlapEnd, nil},
		"not stored, over": {
			notStored(), lasting(2 * day), end, "", revocation(overlapOver + overlapEnd),
		},
		"no time of the rotation":             {undated(), lasting(2 * day), issuedAt, "", revocation(noDate)},
		"no time of the rotation, no overlap": {undated(), null, issuedAt, "", revocation(noOverlap)},
	} {
		t.Run(name, func(t *testing.T) {
			planned := test.prior
			planned.Overlap = test.overlap
			want, priorBefore := planned, test.prior
			want.ClearPrevious()
			if test.expires != "" {
				want.PreviousAPIKey = test.prior.PreviousAPIKey
				want.PreviousExpiresAt = timetypes.NewRFC3339ValueMust(test.expires)
			}
			wantTexts(t, planned.Plan(test.prior, readAt(test.read)), test.want...)
			wantKey(t, planned, want)
			wantKey(t, test.prior, priorBefore)
			if planned.WillRotate() {
				t.Error("the plan rotates")
			}
		})
	}
}

// The plan of an unknown overlap must not show a known value: the apply could not change it any more.
func TestOverlappingPlanOfAnUnknownOverlap(t *testing.T) {
	planned := withPrevious()
	planned.Overlap = tfkit.Duration{StringValue: types.StringUnknown()}
	want := unknownPrevious(planned)
	wantTexts(t, planned.Plan(withPrevious(), readAt(issuedAt)), "Warning: API key revocation: The overlap is not "+
		"known before apply. If there is none, or if it has ended, applying this plan revokes the previous API key.")
	wantKey(t, planned, want)
}

// What happens to the previous key also if an unknown keeper turns out the same.
func TestOverlappingPlanThatMayRotate(t *testing.T) {
	over := revocation(overlapOver + overlapEnd)
	may := func(effect string) string { return rotationWarning(keepersMayDiffer, effect+olderRevoked) }
	for name, test := range map[string]struct {
		overlap tfkit.Duration
		read    time.Time
		want    []string
	}{
		"not over":   {lasting(2 * day), issuedAt, []string{may(staysValid)}},
		"over":       {lasting(2 * day), endsAt, []string{may(staysValid), over[0]}},
		"no overlap": {tfkit.Duration{}, issuedAt, []string{may(revokedAtOnce), revocation(noOverlap)[0]}},
	} {
		t.Run(name, func(t *testing.T) {
			prior := withPrevious()
			prior.Keepers = keepers("v", "1")
			planned := prior
			planned.Overlap, planned.Keepers = test.overlap, unknownKeepers()
			wantTexts(t, planned.Plan(prior, readAt(test.read)), test.want...)
			if planned.PreviousExpiresAt.IsUnknown() != planned.Overlaps() {
				t.Errorf("the previous key ends at %s", planned.PreviousExpiresAt)
			}
		})
	}
}

// The values of the previous key come from the state, whatever the plan has.
func TestOverlappingPlanTakesTheValuesOfTheState(t *testing.T) {
	planned := unknownPrevious(withPrevious())
	wantTexts(t, planned.Plan(withPrevious(), readAt(issuedAt)))
	wantKey(t, planned, withPrevious())
}

// After the apply of a plan, the next plan changes nothing.
func TestOverlappingPlanSettles(t *testing.T) {
	for name, overlap := range map[string]tfkit.Duration{
		"none": {}, "two days": lasting(2 * day), "nine days": lasting(9 * day),
	} {
		for moment, read := range map[string]time.Time{"early": issuedAt.Add(day), "late": issuedAt.Add(5 * day)} {
			for stored, prior := range map[string]OverlappingKey{"stored": withPrevious(), "not stored": notStored()} {
				t.Run(name+", "+moment+", "+stored, func(t *testing.T) {
					planned := prior
					planned.Overlap = overlap
					planned.Plan(prior, readAt(read))
					next := planned
					wantTexts(t, next.Plan(planned, readAt(read)))
					wantKey(t, next, planned)
				})
			}
		}
	}
}

// A change of store_api_key takes the values out of the state, or reads them from the server, and
// does not rotate.
func TestOverlappingPlanOfStorage(t *testing.T) {
	yes, no, unknown := types.BoolValue(true), types.BoolValue(false), types.BoolUnknown()
	hidden := withoutPrevious()
	hidden.StoreAPIKey, hidden.APIKey = no, types.StringNull()
	value, null, notKnown := types.StringValue, types.StringNull(), types.StringUnknown()
	for name, test := range map[string]struct {
		prior             OverlappingKey
		store             types.Bool
		current, previous types.String
	}{
		"stays in state":                   {withPrevious(), yes, value("key-1"), value("key-0")},
		"stays in state, no previous key":  {withoutPrevious(), yes, value("key-1"), null},
		"stays out":                        {notStored(), no, null, null},
		"out of the state":                 {withPrevious(), no, null, null},
		"into the state":                   {notStored(), yes, notKnown, notKnown},
		"into the state, no previous key":  {hidden, yes, notKnown, null},
		"null means true":                  {notStored(), types.BoolNull(), notKnown, notKnown},
		"not known yet":                    {withPrevious(), unknown, notKnown, notKnown},
		"not known yet, no previous key":   {withoutPrevious(), unknown, notKnown, null},
		"not known yet, it was not stored": {notStored(), unknown, notKnown, notKnown},
	} {
		t.Run(name, func(t *testing.T) {
			planned := test.prior
			planned.StoreAPIKey = test.store
			want := planned
			want.APIKey, want.PreviousAPIKey = test.current, test.previous
			wantTexts(t, planned.Plan(test.prior, readAt(issuedAt)))
			wantKey(t, planned, want)
			if planned.WillRotate() {
				t.Error("the plan rotates")
			}
		})
	}
}

// The diagnostics of Key.Plan come first, then what happens to the previous key.
func TestOverlappingPlanHasTheDiagnosticsOfBoth(t *testing.T) {
	prior := undated()
	planned := prior
	planned.RotateAfter, planned.Overlap = lasting(30*day), tfkit.Duration{}
	wantTexts(t, planned.Plan(prior, readAt(issuedAt)), afterUnscheduled, revocation(noOverlap)[0])
}

func TestCheckOverlap(t *testing.T) {
	refused := func(after, overlap string) []string {
		return []string{"Error overlap: Overlap longer than the life of a key: A rotation every " + after +
			" revokes the previous key. The overlap of " + overlap + " must be at least 1m0s shorter."}
	}
	null, unknown := tfkit.Duration{}, tfkit.Duration{StringValue: types.StringUnknown()}
	month := lasting(30 * day)
	for name, test := range map[string]struct {
		overlap, after tfkit.Duration
		want           []string
	}{
		"neither":            {null, null, nil},
		"overlap alone":      {lasting(1000 * day), null, nil},
		"rotate_after alone": {null, lasting(time.Minute), nil},
		"shorter":            {lasting(day), month, nil},
		"a minute shorter":   {lasting(30*day - time.Minute), month, nil},
		"hardly a minute shorter": {
			lasting(30*day - time.Minute + 1), month, refused("720h0m0s", "719h59m0.000000001s"),
		},
		"as long":                {month, month, refused("720h0m0s", "720h0m0s")},
		"longer":                 {lasting(31 * day), month, refused("720h0m0s", "744h0m0s")},
		"both the shortest":      {lasting(time.Minute), lasting(time.Minute), refused("1m0s", "1m0s")},
		"overlap not known":      {unknown, lasting(time.Minute), nil},
		"rotate_after not known": {lasting(31 * day), unknown, nil},
		"neither is known":       {unknown, unknown, nil},
	} {
		t.Run(name, func(t *testing.T) {
			k := withoutPrevious()
			k.Overlap, k.RotateAfter = test.overlap, test.after
			created := k
			wantTexts(t, created.PlanCreate(), test.want...)
			if test.want == nil {
				return
			}
			// A plan that is refused decides nothing else.
			k.Keepers = keepers("v", "2")
			before := k
			wantTexts(t, k.Plan(withPrevious(), PlanContext{Unconfirmed: true}), test.want...)
			wantKey(t, k, before)
		})
	}
}

func TestPlanCreate(t *testing.T) {
	for name, test := range map[string]struct {
		store types.Bool
		want  types.String
	}{
		"stored":        {types.BoolValue(true), types.StringUnknown()},
		"not stored":    {types.BoolValue(false), types.StringNull()},
		"the default":   {types.BoolNull(), types.StringUnknown()},
		"not known yet": {types.BoolUnknown(), types.StringUnknown()},
	} {
		t.Run(name, func(t *testing.T) {
			k := unknownPrevious(withoutPrevious())
			k.Key = rotating(k.Key)
			k.StoreAPIKey = test.store
			want := k
			want.ClearPrevious()
			want.APIKey, want.ExpiresAt = test.want, types.StringNull()
			wantTexts(t, k.PlanCreate())
			wantKey(t, k, want)
		})
	}
}

func TestIssuedAt(t *testing.T) {
	first, later := timetypes.NewRFC3339TimeValue(issuedAt), timetypes.NewRFC3339TimeValue(issuedAt.Add(day))
	imported := ImportedKey(first)
	wantKey(t, imported, OverlappingKey{
		Key: Key{
			RotatedAt: first, KeyVersion: types.Int64Value(issuedAt.Unix()), Keepers: noKeepers(),
			AgeRecipients: recipients(),
		},
		StoreAPIKey: types.BoolValue(true),
	})
	never := timetypes.NewRFC3339Null()
	for name, test := range map[string]struct {
		change func(*OverlappingKey)
		before timetypes.RFC3339
		want   timetypes.RFC3339
		raised int64 // by how much the version rises
	}{
		"set":                    {func(k *OverlappingKey) { k.SetIssuedAt(later) }, never, later, 0},
		"set, known already":     {func(k *OverlappingKey) { k.SetIssuedAt(later) }, first, first, 0},
		"replaced":               {func(k *OverlappingKey) { k.Replace(later) }, first, later, 24 * 60 * 60},
		"replaced, same time":    {func(k *OverlappingKey) { k.Replace(first) }, first, first, 1},
		"replaced, time unknown": {func(k *OverlappingKey) { k.Replace(never) }, first, never, 1},
	} {
		t.Run(name, func(t *testing.T) {
			k := withoutPrevious()
			k.RotatedAt = test.before
			want := k
			want.RotatedAt = test.want
			want.KeyVersion = types.Int64Value(issuedAt.Unix() + test.raised)
			test.change(&k)
			wantKey(t, k, want)
		})
	}
}

func TestOverlappingSetAndClear(t *testing.T) {
	issued := Issued{Secret: transport.NewSecret("key-2")}
	for name, test := range map[string]struct {
		store types.Bool
		want  types.String
	}{
		"stored":      {types.BoolValue(true), types.StringValue("key-2")},
		"not stored":  {types.BoolValue(false), types.StringNull()},
		"the default": {types.BoolNull(), types.StringValue("key-2")},
	} {
		t.Run(name, func(t *testing.T) {
			got := unknownPrevious(withoutPrevious())
			got.StoreAPIKey = test.store
			want := got
			want.ClearPrevious()
			want.APIKey, want.RotatedAt = test.want, timetypes.NewRFC3339TimeValue(endsAt)
			want.KeyVersion = types.Int64Value(endsAt.Unix())
			got.Set(issued, at(endsAt), &diag.Diagnostics{})
			wantKey(t, got, want)
			if !got.Held() {
				t.Error("a key that was issued is not held")
			}

			want.Key.Clear()
			got.PreviousAPIKey, got.PreviousExpiresAt = withPrevious().PreviousAPIKey, withPrevious().PreviousExpiresAt
			got.Clear()
			wantKey(t, got, want)
		})
	}
}

func TestSetRotated(t *testing.T) {
	now := time.Date(2026, time.June, 1, 2, 0, 0, 5, time.FixedZone("", 2*60*60))
	const midnight = "2026-06-01T00:00:00Z"
	null := tfkit.Duration{}
	cleared := withoutPrevious()
	cleared.Clear()
	for name, test := range map[string]struct {
		before  OverlappingKey
		overlap tfkit.Duration
		ends    string
	}{
		"overlap":                      {withoutPrevious(), lasting(2 * day), "2026-06-03T00:00:00Z"},
		"overlap, previous key":        {withPrevious(), lasting(36 * time.Hour), "2026-06-02T12:00:00Z"},
		"no overlap":                   {withoutPrevious(), null, midnight},
		"no overlap, previous key":     {withPrevious(), null, midnight},
		"not stored":                   {notStored(), lasting(2 * day), "2026-06-03T00:00:00Z"},
		"no time of the last rotation": {undated(), lasting(2 * day), "2026-06-03T00:00:00Z"},
		"the last key is not known":    {cleared, lasting(2 * day), "2026-06-03T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			got := test.before
			got.Overlap = test.overlap
			want := got
			want.PreviousAPIKey, want.PreviousExpiresAt = test.before.APIKey, timetypes.NewRFC3339ValueMust(test.ends)
			want.APIKey = types.StringNull()
			if got.StoreAPIKey.ValueBool() {
				want.APIKey = types.StringValue("key-2")
			}
			want.ExpiresAt, want.RotatedAt = types.StringNull(), timetypes.NewRFC3339ValueMust(midnight)
			want.KeyVersion = types.Int64Value(now.Unix())

			wantSealed(t, got.setRotated(Issued{Secret: transport.NewSecret("key-2")}, at(now)))
			wantKey(t, got, want)
			if !got.HasPrevious() || got.WillRotate() {
				t.Errorf("previous: %t, rotates: %t", got.HasPrevious(), got.WillRotate())
			}
		})
	}
}

// A rotation that also takes the keys out of the state leaves neither value there.
func TestSetRotatedOutOfTheState(t *testing.T) {
	got := withPrevious()
	got.StoreAPIKey = types.BoolValue(false)
	wantSealed(t, got.setRotated(Issued{Secret: transport.NewSecret("key-2")}, at(endsAt)))
	if !got.APIKey.IsNull() || !got.PreviousAPIKey.IsNull() || !got.HasPrevious() || !got.Held() {
		t.Errorf("got %+v", got)
	}
}

func TestSetValues(t *testing.T) {
	k1, k0, none := transport.NewSecret("key-1"), transport.NewSecret("key-0"), transport.Secret{}
	ends := timetypes.NewRFC3339ValueMust
	planCleared := withPrevious() // the plan has ended the overlap
	planCleared.ClearPrevious()
	shortened := withPrevious()
	shortened.PreviousExpiresAt = ends("2026-03-02T12:00:00Z")
	imported := withPrevious()
	imported.StoreAPIKey = types.BoolNull()
	for name, test := range map[string]struct {
		k, prior          OverlappingKey
		current, previous transport.Secret
		want              func(*OverlappingKey)
	}{
		"as in state": {withPrevious(), withPrevious(), k1, k0, func(*OverlappingKey) {}},
		"no previous": {withPrevious(), withPrevious(), k1, none, (*OverlappingKey).ClearPrevious},
		"not stored":  {notStored(), notStored(), k1, k0, func(*OverlappingKey) {}},
		"after an import": {
			imported, imported, k1, k0, func(k *OverlappingKey) { k.StoreAPIKey = types.BoolValue(true) },
		},
		"other values": {
			withPrevious(), withPrevious(), transport.NewSecret("key-9"), transport.NewSecret("key-8"),
			func(k *OverlappingKey) {
				k.APIKey, k.PreviousAPIKey = types.StringValue("key-9"), types.StringValue("key-8")
			},
		},
		"the planned end counts": {
			shortened, withPrevious(), k1, k0, func(k *OverlappingKey) {
				k.PreviousExpiresAt = shortened.PreviousExpiresAt
			},
		},
		"cleared by the plan, but valid": {
			planCleared, withPrevious(), k1, k0, func(k *OverlappingKey) {
				k.PreviousAPIKey, k.PreviousExpiresAt = types.StringValue("key-0"), ends(overlapEnd)
			},
		},
		"not known before apply": {
			unknownPrevious(withPrevious()), withPrevious(), k1, k0, func(k *OverlappingKey) {
				k.PreviousAPIKey, k.PreviousExpiresAt = types.StringValue("key-0"), ends(overlapEnd)
			},
		},
		"the state never had an end": {
			planCleared, withoutPrevious(), k1, k0, func(k *OverlappingKey) {
				k.PreviousAPIKey, k.PreviousExpiresAt = types.StringValue("key-0"), ends(overlapEnd)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, want := test.k, test.k
			test.want(&want)
			got.SetImported(nil)
			got.SetValues(test.current, test.previous, test.prior, &diag.Diagnostics{})
			wantKey(t, got, want)
		})
	}
}

func TestClearPrevious(t *testing.T) {
	got, want := withPrevious(), withPrevious()
	want.PreviousAPIKey, want.PreviousExpiresAt = types.StringNull(), timetypes.NewRFC3339Null()
	got.ClearPrevious()
	wantKey(t, got, want)
	if got.HasPrevious() {
		t.Error("there is a previous key")
	}
}

func TestHasPreviousKnownPreviousAndOverlaps(t *testing.T) {
	malformed := tfkit.Duration{StringValue: types.StringValue("soon")}
	for name, test := range map[string]struct {
		key                OverlappingKey
		previous, overlaps bool
		known              string // "": the value is not in state
	}{
		"no previous key": {withoutPrevious(), false, false, ""},
		"previous key":    {withPrevious(), true, true, "key-0"},
		"not stored":      {notStored(), true, true, ""},
		"not known yet":   {unknownPrevious(withoutPrevious()), true, false, ""},
		"overlap unknown": {
			OverlappingKey{Key: Key{Overlap: tfkit.Duration{StringValue: types.StringUnknown()}}}, false, false, "",
		},
		"a malformed overlap": {OverlappingKey{Key: Key{Overlap: malformed}}, false, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if test.key.HasPrevious() != test.previous || test.key.Overlaps() != test.overlaps {
				t.Errorf("previous: %t, overlaps: %t", test.key.HasPrevious(), test.key.Overlaps())
			}
			if secret, ok := test.key.KnownPrevious(); secret.Reveal() != test.known || ok != (test.known != "") {
				t.Errorf("known: %q, %t", secret.Reveal(), ok)
			}
		})
	}
}

func TestRestoreOfBothKeys(t *testing.T) {
	prior := withPrevious()
	got := unknownPrevious(withoutPrevious())
	got.Key = rotating(got.Key)
	got.RotateAfter, got.Overlap = lasting(30*day), lasting(day)
	want := prior
	want.RotateAfter, want.Overlap = got.RotateAfter, got.Overlap

	got.Restore(prior)
	wantKey(t, got, want)

	// A plan that does not rotate keeps its keepers, and the previous key that it has revoked.
	settled := withoutPrevious()
	settled.Keepers = noKeepers()
	want = settled
	settled.Restore(prior)
	wantKey(t, settled, want)
}
