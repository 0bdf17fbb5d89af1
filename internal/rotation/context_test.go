package rotation

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func wantPlanContext(t *testing.T, got, want PlanContext) {
	t.Helper()
	if !got.ReadAt.Equal(want.ReadAt) || got.Unconfirmed != want.Unconfirmed {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPlanContextRoundTrip(t *testing.T) {
	var diags diag.Diagnostics
	p := &privateState{}
	wantPlanContext(t, p.load(t), PlanContext{})

	readAt := time.Date(2026, time.March, 1, 14, 30, 15, 123456789, time.FixedZone("", 2*60*60))
	finishRead(t, p, at(readAt), &diags)
	wantPlanContext(t, p.load(t), PlanContext{ReadAt: readAt})

	MarkUnconfirmed(t.Context(), p, true, &diags)
	wantPlanContext(t, p.load(t), PlanContext{ReadAt: readAt, Unconfirmed: true})

	finishRead(t, p, at(endsAt), &diags)
	wantPlanContext(t, p.load(t), PlanContext{ReadAt: endsAt, Unconfirmed: true})

	MarkUnconfirmed(t.Context(), p, false, &diags)
	wantPlanContext(t, p.load(t), PlanContext{ReadAt: endsAt})

	wantTexts(t, diags)
	// These names and forms are in the states of users: each version must read them.
	want := map[string]string{"observed_at": `"2026-05-30T12:00:00Z"`, "key_in_doubt": "false"}
	got := map[string]string{}
	for key, value := range p.values {
		got[key] = string(value)
	}
	if !maps.Equal(got, want) {
		t.Errorf("private state %v, want %v", got, want)
	}
}

// finishRead ends a Read of a key with a time trigger, without a warning if the key has ended.
func finishRead(t *testing.T, p *privateState, clock tfkit.Clock, diags *diag.Diagnostics) {
	t.Helper()
	k := issuedKey()
	k.RotateAfter, k.RotateWhenDead = lasting(day), types.BoolValue(true)
	k.FinishRead(t.Context(), "", p, clock, diags)
}

// Without a time trigger a Read stores nothing: a run that changes nothing writes no new state.
func TestReadTimeNeedsATrigger(t *testing.T) {
	with := func(change func(k *OverlappingKey)) OverlappingKey {
		k := withPrevious()
		k.ClearPrevious()
		change(&k)
		return k
	}
	for name, test := range map[string]struct {
		key    OverlappingKey
		stored bool
	}{
		"no trigger":   {with(func(*OverlappingKey) {}), false},
		"keepers":      {with(func(k *OverlappingKey) { k.Keepers = keepers("v", "1") }), false},
		"rotate_after": {with(func(k *OverlappingKey) { k.RotateAfter = lasting(day) }), true},
		"rotate_before_expiry": {with(func(k *OverlappingKey) {
			k.RotateBeforeExpiry, k.ExpiresAt = lasting(day), types.StringValue("2026-05-30T12:00:00Z")
		}), true},
		"a previous key": {withPrevious(), true},
		"rotate_after without a date": {with(func(k *OverlappingKey) {
			k.RotateAfter, k.RotatedAt = lasting(day), timetypes.NewRFC3339Null()
		}), false},
		"rotate_before_expiry without an expiry": {with(func(k *OverlappingKey) {
			k.RotateBeforeExpiry, k.ExpiresAt = lasting(day), types.StringNull()
		}), false},
		"rotate_before_expiry, an expiry that is no time": {with(func(k *OverlappingKey) {
			k.RotateBeforeExpiry, k.ExpiresAt = lasting(day), types.StringValue("soon")
		}), false},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			p := &privateState{}
			test.key.FinishRead(t.Context(), p, at(endsAt), &diags)
			MarkUnconfirmed(t.Context(), p, false, &diags)
			wantTexts(t, diags)
			if stored := len(p.values) > 0; stored != test.stored {
				t.Errorf("stored %v", p.values)
			}
		})
	}
}

// A key that no longer works is a warning, and a reason for the plan. A rotation removes the reason.
func TestFinishReadOfDeadKeys(t *testing.T) {
	const (
		ended   = "it ended at 2026-05-30T12:00:00Z"
		revoked = "it was revoked"
	)
	warning := func(reason string) []string {
		return []string{"Warning api_key: API key no longer works: The key no longer works: " + reason + ". The " +
			"provider does not rotate it by itself. For a key that works, change a keeper and apply, or set " +
			"rotate_when_dead = true."}
	}
	endless := func(k *Key) { k.ExpiresAt = types.StringNull() }
	for name, test := range map[string]struct {
		key     change
		invalid string
		now     time.Time
		want    string
		text    []string
	}{
		"works":                    {cleared, "", endsAt, "", nil},
		"just not ended":           {func(*Key) {}, "", endsAt, "", nil},
		"ended":                    {func(*Key) {}, "", endsAt.Add(1), ended, warning(ended)},
		"ended, to be rotated":     {whenDead, "", endsAt.Add(1), ended, nil},
		"ended, not to be rotated": {neverDead, "", endsAt.Add(1), ended, warning(ended)},
		"revoked":                  {endless, revoked, endsAt, revoked, warning(revoked)},
		"revoked and ended":        {func(*Key) {}, revoked, endsAt.Add(1), revoked, warning(revoked)},
		"an end that is no time":   {setExpiry("soon"), "", endsAt.Add(1), "", nil},
		"an end with a space": {
			setExpiry("2026-05-30 12:00:00"), "", endsAt.Add(1), "it ended at 2026-05-30 12:00:00",
			warning("it ended at 2026-05-30 12:00:00"),
		},
		"an end without seconds": {
			setExpiry("2026-05-30T12:00Z"), "", endsAt.Add(1), "it ended at 2026-05-30T12:00Z",
			warning("it ended at 2026-05-30T12:00Z"),
		},
		"a date": {
			setExpiry("2026-05-30"), "", endsAt, "it ended at 2026-05-30", warning("it ended at 2026-05-30"),
		},
		"an end in another time zone": {setExpiry("2026-05-30T14:00:00+02:00"), "", endsAt, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			k, p := issuedKey(), &privateState{}
			test.key(&k)
			k.FinishRead(t.Context(), test.invalid, p, at(test.now), &diags)
			wantTexts(t, diags, test.text...)
			if got := LoadPlanContext(t.Context(), p, &diags).Invalid; got != test.want {
				t.Errorf("stored %q, want %q", got, test.want)
			}
			rotated := rotating(k)
			rotated.Rotate(t.Context(), k, Steps{
				Issue: func(context.Context) (Issued, error) {
					return Issued{Secret: transport.NewSecret("key-2")}, nil
				},
				Save: func() {}, Private: p, Clock: at(test.now),
			}, &diags)
			if got := LoadPlanContext(t.Context(), p, &diags).Invalid; got != "" {
				t.Errorf("after a rotation: %q", got)
			}
		})
	}
}

// A state of an earlier version gets a version of its key, and no other state changes.
func TestFinishReadCompletesTheVersion(t *testing.T) {
	undated := importedKey()
	undated.APIKey = types.StringValue("key-1")
	for name, test := range map[string]struct {
		key  Key
		want types.Int64
	}{
		"of an earlier version": {issuedKey(), types.Int64Value(issuedAt.Unix())},
		"without a time":        {undated, types.Int64Value(endsAt.Unix())},
		"not known":             {importedKey(), types.Int64Null()},
	} {
		t.Run(name, func(t *testing.T) {
			k, want := test.key, test.key
			k.KeyVersion, want.KeyVersion = types.Int64Null(), test.want
			for range 2 {
				var diags diag.Diagnostics
				k.FinishRead(t.Context(), "", &privateState{}, at(endsAt), &diags)
				wantTexts(t, diags)
				wantKey(t, k, want)
			}
		})
	}
}

// The time is stored in UTC, whatever the zone of the machine.
func TestReadTimeInUTC(t *testing.T) {
	var diags diag.Diagnostics
	p := &privateState{}
	finishRead(t, p, at(endsAt.In(time.FixedZone("", -3*60*60))), &diags)
	wantTexts(t, diags)
	if got := string(p.values[readTime.Key]); got != `"2026-05-30T12:00:00Z"` {
		t.Errorf("got %s", got)
	}
}

func TestLoadPlanContextOfMalformedValues(t *testing.T) {
	const damaged = "Error: Unable to read the state of a rotation: The private data in the state is damaged, or a " +
		"later version of the provider wrote it."
	for name, test := range map[string]struct {
		time, mark string
		loaded     PlanContext
	}{
		"not a time":      {`"yesterday"`, `true`, PlanContext{Unconfirmed: true}},
		"a time cut off":  {`"2026-`, ``, PlanContext{}},
		"not a boolean":   {`"2026-05-30T12:00:00Z"`, `"true"`, PlanContext{ReadAt: endsAt}},
		"not JSON":        {``, `yes`, PlanContext{}},
		"neither of both": {`1`, `1`, PlanContext{}},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			p := &privateState{values: map[string][]byte{
				readTime.Key: []byte(test.time), unconfirmedMark.Key: []byte(test.mark),
			}}
			loaded := LoadPlanContext(t.Context(), p, &diags)
			wantTexts(t, diags, damaged)
			wantPlanContext(t, loaded, test.loaded)
		})
	}
}

func TestPrivateStateThatFails(t *testing.T) {
	for _, key := range []string{readTime.Key, unconfirmedMark.Key} {
		t.Run(key, func(t *testing.T) {
			p := &privateState{broken: key}
			want := "Error: Broken: " + key
			var diags diag.Diagnostics
			wantPlanContext(t, LoadPlanContext(t.Context(), p, &diags), PlanContext{})
			wantTexts(t, diags, want)

			diags = nil
			finishRead(t, p, at(endsAt), &diags)
			MarkUnconfirmed(t.Context(), p, true, &diags)
			wantTexts(t, diags, want)
		})
	}
	// JSON has no year of five digits.
	var diags diag.Diagnostics
	finishRead(t, &privateState{}, at(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), &diags)
	want := []string{"Error: Unable to store the state of a rotation: "}
	if got := texts(diags); !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("got %q", got)
	}
}
