package rotation

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

func TestKeepersChanged(t *testing.T) {
	one, two := keepers("v", "1"), keepers("v", "1", "w", "1")
	type outcome struct{ changed, certain bool }
	var (
		no    = outcome{false, true}
		yes   = outcome{true, true}
		maybe = outcome{true, false}
	)
	for _, test := range []struct {
		name           string
		prior, planned types.Map
		want           outcome
	}{
		{"never any", noKeepers(), noKeepers(), no},
		{"the first map", noKeepers(), one, no},
		{"the first map, empty", noKeepers(), keepers(), no},
		{"the first map, unknown", noKeepers(), unknownKeepers(), no},
		{"the first map, with an unknown value", noKeepers(), keepersUnknownAt("v"), no},
		{"the last map goes", one, noKeepers(), no},
		{"an empty map goes", keepers(), noKeepers(), no},
		{"empty stays empty", keepers(), keepers(), no},
		{"the same", two, keepers("w", "1", "v", "1"), no},
		{"the same, with an empty text", keepers("v", ""), keepers("v", ""), no},
		{"the first entry of an empty map", keepers(), one, no},
		{"the last entry of a map", one, keepers(), no},
		{"null is no entry", one, keepersNullAt("w", "v", "1"), no},
		{"null was no entry", keepersNullAt("w", "v", "1"), one, no},
		{"a map of null is no map", keepersNullAt("v"), one, no},
		{"an entry becomes null", two, keepersNullAt("w", "v", "1"), yes},
		{"the only entry becomes null", one, keepersNullAt("v"), no},
		{"an entry is added", one, two, yes},
		{"an entry is removed", two, one, yes},
		{"an entry is changed", two, keepers("v", "1", "w", "2"), yes},
		{"an entry is renamed", one, keepers("w", "1"), yes},
		{"values change places", keepers("v", "1", "w", "2"), keepers("v", "2", "w", "1"), yes},
		{"case counts", keepers("v", "a"), keepers("v", "A"), yes},
		{"white space counts", one, keepers("v", "1 "), yes},
		{"the map is unknown", one, unknownKeepers(), maybe},
		{"the map is unknown, before it was empty", keepers(), unknownKeepers(), no},
		{"a value is not known", one, keepersUnknownAt("v"), maybe},
		{"a value is not known, the other is the same", two, keepersUnknownAt("w", "v", "1"), maybe},
		{"a value is not known, the other has changed", two, keepersUnknownAt("w", "v", "2"), yes},
		{"an entry with an unknown value is added", one, keepersUnknownAt("w", "v", "1"), maybe},
		{"an entry with an unknown value takes another's place", one, keepersUnknownAt("w"), maybe},
		{"a value is not known, another entry is removed", two, keepersUnknownAt("v"), maybe},
		{"a value is not known, another entry is added", one, keepersUnknownAt("v", "w", "1"), yes},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed, certain := keepersChanged(test.prior, test.planned)
			if got := (outcome{changed, certain}); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

const (
	unconfirmedKey = "the response to the last request for a key was lost, and the key in state is missing or may " +
		"no longer work"
	keepersDiffer    = "its keepers have changed"
	keepersMayDiffer = "a keeper is not known before apply, and may have changed"
	timeMayHaveCome  = "the time of its rotation is not known before apply, and may have come"
	tooOld           = "it was issued at 2026-03-01T12:00:00Z, more than rotate_after = 720h0m0s ago"
	keyDead          = "it no longer works: it was revoked"
	mayBeWanted      = "rotate_when_dead is not known before apply, and the key no longer works: it was revoked"
	endsSoon         = "it ends at 2026-05-30T12:00:00Z, within rotate_before_expiry = 168h0m0s"

	afterUnscheduled = "Warning rotate_after: Rotation can't be scheduled: The key is not rotated every 720h0m0s " +
		"yet, since it is not known when the key was issued, as after an import. Change a keeper to rotate it once."
	expiryUnscheduled = "Warning rotate_before_expiry: Rotation can't be scheduled: It is not known when the key " +
		"ends. If it was imported, change a keeper to rotate it once. If the server reports no expiry, use " +
		"rotate_after."
)

// uncertain are the reasons for which a plan only may rotate.
var uncertain = []string{keepersMayDiffer, timeMayHaveCome, mayBeWanted}

func rotationWarning(reason, effect string) string {
	const summary = "Warning: API key rotation: Applying this plan "
	if slices.Contains(uncertain, reason) {
		return summary + "may rotate the API key: " + reason + ". If the key is rotated: " + effect
	}
	return summary + "rotates the API key: " + reason + ". " + effect
}

// A change is what a test does to a key.
type change = func(*Key)

// all makes several changes.
func all(changes ...change) change {
	return func(k *Key) {
		for _, c := range changes {
			c(k)
		}
	}
}

func setKeepers(to types.Map) change     { return func(k *Key) { k.Keepers = to } }
func setAfter(d tfkit.Duration) change   { return func(k *Key) { k.RotateAfter = d } }
func setWindow(d tfkit.Duration) change  { return func(k *Key) { k.RotateBeforeExpiry = d } }
func setOverlap(d tfkit.Duration) change { return func(k *Key) { k.Overlap = d } }
func setExpiry(text string) change       { return func(k *Key) { k.ExpiresAt = types.StringValue(text) } }
func setRotatedAt(rotatedAt timetypes.RFC3339) change {
	return func(k *Key) { k.RotatedAt = rotatedAt }
}

var (
	month, week   = setAfter(lasting(30 * day)), setWindow(lasting(7 * day))
	both          = all(month, week)
	v1, v2        = setKeepers(keepers("v", "1")), setKeepers(keepers("v", "2"))
	cleared       = (*Key).Clear
	unknownAfter  = setAfter(tfkit.Duration{StringValue: types.StringUnknown()})
	unknownWindow = setWindow(tfkit.Duration{StringValue: types.StringUnknown()})
	whenDead      = func(k *Key) { k.RotateWhenDead = types.BoolValue(true) }
	neverDead     = func(k *Key) { k.RotateWhenDead = types.BoolValue(false) }
	unknownDead   = func(k *Key) { k.RotateWhenDead = types.BoolUnknown() }
	undatedKey    = setRotatedAt(timetypes.NewRFC3339Null())
)

func readAt(when time.Time) PlanContext { return PlanContext{ReadAt: when} }

func inZone(when time.Time) time.Time { return when.In(time.FixedZone("", 5*60*60)) }

// reasonCases are keys in state, what the configuration changes, and what a plan decides.
var reasonCases = []struct {
	name   string
	prior  change // nil: as issued
	config change // nil: no trigger is set
	PlanContext
	want string
}{
	{"nothing set, long after the end", nil, nil, readAt(endsAt.Add(1000 * day)), ""},
	{"unconfirmed", nil, nil, PlanContext{Unconfirmed: true}, unconfirmedKey},
	{"unconfirmed, the key is not known", cleared, nil, PlanContext{Unconfirmed: true}, unconfirmedKey},

	{"after: just issued", nil, month, readAt(issuedAt), ""},
	{"after: a nanosecond early", nil, month, readAt(issuedAt.Add(30*day - 1)), ""},
	{"after: exactly", nil, month, readAt(issuedAt.Add(30 * day)), tooOld},
	{"after: late", nil, month, readAt(issuedAt.Add(31 * day)), tooOld},
	{"after: read in another zone", nil, month, readAt(inZone(issuedAt.Add(30 * day))), tooOld},
	{"after: not read yet", nil, month, PlanContext{}, ""},
	{"after: the clock was set back", nil, month, readAt(issuedAt.Add(-100 * day)), ""},
	{"after: imported", cleared, month, readAt(endsAt), ""},
	{"after: the value in state does not count", month, nil, readAt(endsAt), ""},
	{
		"after: the time of issue is in another zone", setRotatedAt(timetypes.NewRFC3339ValueMust(
			"2026-03-01T14:00:00+02:00")),
		month, readAt(issuedAt.Add(30*day - 1)), "",
	},

	{"expiry: just issued", nil, week, readAt(issuedAt), ""},
	{"expiry: a nanosecond early", nil, week, readAt(endsAt.Add(-7*day - 1)), ""},
	{"expiry: exactly", nil, week, readAt(endsAt.Add(-7 * day)), endsSoon},
	{"expiry: late", nil, week, readAt(endsAt.Add(-day)), endsSoon},
	{"expiry: over", nil, week, readAt(endsAt.Add(day)), endsSoon},
	{"expiry: not read yet", nil, week, PlanContext{}, ""},
	{"expiry: not known", cleared, week, readAt(endsAt), ""},
	{"expiry: malformed", setExpiry("soon"), week, readAt(endsAt), ""},
	{"expiry: known, but not the time of issue", undatedKey, week, readAt(endsAt), endsSoon},
	{
		"expiry: without an offset, a nanosecond early", setExpiry("2026-05-30T12:00:00.000001"), week,
		readAt(endsAt.Add(-7*day + time.Microsecond - 1)), "",
	},
	{
		"expiry: without an offset, exactly", setExpiry("2026-05-30T12:00:00.000001"), week,
		readAt(endsAt.Add(-7*day + time.Microsecond)),
		"it ends at 2026-05-30T12:00:00.000001, within rotate_before_expiry = 168h0m0s",
	},

	{"dead", nil, whenDead, PlanContext{Invalid: "it was revoked"}, keyDead},
	{"dead, not to be rotated", nil, neverDead, PlanContext{Invalid: "it was revoked"}, ""},
	{"dead, by default", nil, nil, PlanContext{Invalid: "it was revoked"}, ""},
	{"dead: the value in state does not count", whenDead, nil, PlanContext{Invalid: "it was revoked"}, ""},
	{"dead, perhaps to be rotated", nil, unknownDead, PlanContext{Invalid: "it was revoked"}, mayBeWanted},
	{"works", nil, whenDead, readAt(endsAt), ""},
	{"works, perhaps to be rotated if dead", nil, unknownDead, readAt(endsAt), ""},
	{"first keepers, then dead", v1, all(v2, whenDead), PlanContext{Invalid: "it was revoked"}, keepersDiffer},
	{"first age, then dead", nil, all(month, whenDead), PlanContext{ReadAt: endsAt, Invalid: "it was revoked"}, tooOld},

	{"keepers: first map", nil, v1, readAt(endsAt), ""},
	{"keepers: first map after an import", cleared, v1, readAt(endsAt), ""},
	{"keepers: changed", v1, v2, PlanContext{}, keepersDiffer},
	{"keepers: changed, after an import", all(cleared, v1), v2, PlanContext{}, keepersDiffer},
	{"keepers: unknown", v1, setKeepers(unknownKeepers()), PlanContext{}, keepersMayDiffer},

	{"unknown rotate_after", nil, unknownAfter, readAt(endsAt), timeMayHaveCome},
	{"unknown rotate_before_expiry", nil, unknownWindow, readAt(endsAt), timeMayHaveCome},
	{"unknown times, never read with a trigger", nil, all(unknownAfter, unknownWindow), PlanContext{}, ""},
	{"unknown rotate_after, no date", cleared, unknownAfter, readAt(endsAt), ""},
	{"unknown rotate_before_expiry, no expiry", cleared, unknownWindow, readAt(endsAt), ""},
	{
		"unknown overlap is not a reason", nil, setOverlap(tfkit.Duration{StringValue: types.StringUnknown()}),
		readAt(endsAt), "",
	},

	{
		"first the mark, then keepers", v1, all(setKeepers(keepers("v", "2")), both),
		PlanContext{ReadAt: endsAt, Unconfirmed: true}, unconfirmedKey,
	},
	{"first keepers, then time", v1, all(setKeepers(keepers("v", "2")), both), readAt(endsAt), keepersDiffer},
	{
		"a time that has come, then unknown keepers", v1, all(setKeepers(unknownKeepers()), month), readAt(endsAt),
		tooOld,
	},
	{
		"first unknown keepers, then unknown time", v1, all(setKeepers(unknownKeepers()), unknownAfter),
		readAt(endsAt), keepersMayDiffer,
	},
	{"first age, then unknown time", nil, all(month, unknownWindow), readAt(endsAt), tooOld},
	{"first age, then expiry", nil, both, readAt(endsAt), tooOld},
	{"expiry before the age", nil, all(week, setAfter(lasting(1000*day))), readAt(endsAt), endsSoon},
}

// planOf returns the prior key and the planned key before the decision. A nil change changes nothing.
func planOf(priorChange, config change) (prior, planned Key) {
	prior, planned = issuedKey(), issuedKey()
	if priorChange != nil {
		priorChange(&prior)
	}
	planned.APIKey, planned.ExpiresAt, planned.RotatedAt = prior.APIKey, prior.ExpiresAt, prior.RotatedAt
	if config != nil {
		config(&planned)
	}
	return prior, planned
}

func TestReason(t *testing.T) {
	for _, test := range reasonCases {
		t.Run(test.name, func(t *testing.T) {
			prior, planned := planOf(test.prior, test.config)
			if got, _ := planned.reason(prior, test.PlanContext); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			certain := test.want != "" && !slices.Contains(uncertain, test.want)
			if got := planned.CertainToRotate(prior, test.PlanContext); got != certain {
				t.Errorf("certain: %t", got)
			}
			// The times are those of the key in state, whatever the plan has.
			planned.ExpiresAt, planned.RotatedAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
			if got, _ := planned.reason(prior, test.PlanContext); got != test.want {
				t.Errorf("with unknown times in the plan: got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPlanMarksTheKeyAndNothingElse(t *testing.T) {
	for _, test := range reasonCases {
		t.Run(test.name, func(t *testing.T) {
			prior, got := planOf(test.prior, test.config)
			want, priorBefore := got, prior
			diags := got.Plan(prior, test.PlanContext, "The old key is revoked.")
			if test.want == "" {
				wantKey(t, got, want)
				if strings.Contains(strings.Join(texts(diags), "\n"), "API key rotation") {
					t.Errorf("announced, but not planned: %s", texts(diags))
				}
				return
			}
			want.APIKey, want.ExpiresAt = types.StringUnknown(), types.StringUnknown()
			want.RotatedAt, want.KeyVersion = timetypes.NewRFC3339Unknown(), types.Int64Unknown()
			wantKey(t, got, want)
			wantKey(t, prior, priorBefore)
			wantTexts(t, diags, rotationWarning(test.want, "The old key is revoked."))
		})
	}
}

func TestPlanOfTriggersThatNeverFire(t *testing.T) {
	tooLong := func(life, window string) []string {
		return []string{"Warning rotate_before_expiry: Rotation at every apply: The key is valid for " + life +
			". A rotation " + window + " before its end would rotate it at every apply. It is rotated only after " +
			"its end. Choose a shorter time."}
	}
	window := func(d time.Duration) change { return setWindow(lasting(d)) }
	start := readAt(issuedAt)
	for _, test := range []struct {
		name          string
		prior, config change
		PlanContext
		want    []string
		rotates bool
	}{
		{"imported, no trigger", cleared, nil, readAt(endsAt), nil, false},
		{"imported, rotate_after", cleared, month, readAt(endsAt), []string{afterUnscheduled}, false},
		{"imported, rotate_before_expiry", cleared, week, readAt(endsAt), []string{expiryUnscheduled}, false},
		{"imported, both", cleared, both, readAt(endsAt), []string{afterUnscheduled, expiryUnscheduled}, false},
		{
			"imported, both unknown", cleared, all(unknownAfter, unknownWindow), readAt(endsAt),
			nil, false,
		},
		{
			"no expiry, the age is not reached", func(k *Key) { k.ExpiresAt = types.StringNull() }, both, start,
			[]string{expiryUnscheduled}, false,
		},
		{
			"a malformed expiry", setExpiry("soon"), week, readAt(endsAt),
			[]string{"Warning rotate_before_expiry: Rotation can't be scheduled: The key ends at \"soon\", which is " +
				"not a time in RFC 3339. Use rotate_after."}, false,
		},
		{"window longer than the life", nil, window(91 * day), start, tooLong("2160h0m0s", "2184h0m0s"), false},
		{"window as long as the life", nil, window(90 * day), start, tooLong("2160h0m0s", "2160h0m0s"), false},
		{
			"window hardly shorter than the life", nil, window(90*day - time.Minute + 1), start,
			tooLong("2160h0m0s", "2159h59m0.000000001s"), false,
		},
		{"window a minute shorter than the life", nil, window(90*day - time.Minute), start, nil, false},
		{
			"window longer than the life, and a keeper has changed", v1, all(window(91*day), v2), start,
			append(tooLong("2160h0m0s", "2184h0m0s"), rotationWarning(keepersDiffer, "Effect.")), true,
		},
		{
			"window longer than the life, and the key is unconfirmed", nil, window(91 * day),
			PlanContext{Unconfirmed: true},
			append(tooLong("2160h0m0s", "2184h0m0s"), rotationWarning(unconfirmedKey, "Effect.")), true,
		},
		{
			"window longer than the life, just before its end", nil, window(91 * day), readAt(endsAt.Add(-1)),
			tooLong("2160h0m0s", "2184h0m0s"), false,
		},
		{
			"window longer than the life, at its end", nil, window(91 * day), readAt(endsAt),
			append(tooLong("2160h0m0s", "2184h0m0s"), rotationWarning("it ends at 2026-05-30T12:00:00Z, within "+
				"rotate_before_expiry = 2184h0m0s", "Effect.")), true,
		},
		{
			"a life with fractions is rounded", setExpiry("2026-03-01T13:00:00.4Z"), window(2 * time.Hour), start,
			tooLong("1h0m0s", "2h0m0s"), false,
		},
		{"a life that is not known", undatedKey, window(91 * day), readAt(issuedAt.Add(-100 * day)), nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			prior, got := planOf(test.prior, test.config)
			wantTexts(t, got.Plan(prior, test.PlanContext, "Effect."), test.want...)
			if got.WillRotate() != test.rotates {
				t.Errorf("rotates: %t", got.WillRotate())
			}
		})
	}
}

// randomPlan is the input of a plan, created at random.
type randomPlan struct {
	prior, planned Key
	readAt         time.Time
	unconfirmed    bool
}

func (p randomPlan) String() string {
	return fmt.Sprintf("prior %+v, planned %+v, read at %s, unconfirmed %t",
		p.prior, p.planned, p.readAt, p.unconfirmed)
}

func newRandomPlan(r *rand.Rand) randomPlan {
	randomKeepers := func(unknown bool) types.Map {
		switch n := r.IntN(6); {
		case n == 0:
			return noKeepers()
		case n == 1 && unknown:
			return unknownKeepers()
		case n == 2 && unknown:
			return keepersUnknownAt("v")
		case n == 3:
			return keepers()
		default:
			return keepers("v", fmt.Sprint(r.IntN(3)))
		}
	}
	randomDuration := func() tfkit.Duration {
		switch r.IntN(8) {
		case 0:
			return tfkit.Duration{StringValue: types.StringUnknown()}
		case 1, 2, 3:
			return tfkit.Duration{}
		default:
			return lasting(time.Duration(1+r.IntN(100)) * day)
		}
	}
	p := randomPlan{
		prior: issuedKey(), readAt: issuedAt.Add(time.Duration(r.IntN(120)) * day), unconfirmed: r.IntN(10) == 0,
	}
	switch r.IntN(6) {
	case 0:
		p.prior.Clear()
	case 1:
		p.prior.ExpiresAt = types.StringNull()
	}
	p.prior.Keepers = randomKeepers(false)
	p.planned = p.prior
	if r.IntN(3) == 0 {
		p.planned.Keepers = randomKeepers(true)
	}
	p.planned.RotateAfter, p.planned.RotateBeforeExpiry = randomDuration(), randomDuration()
	p.planned.RotateWhenDead = []types.Bool{types.BoolNull(), types.BoolValue(true), types.BoolUnknown()}[r.IntN(3)]
	return p
}

// rotates decides independently of the code under test.
func (p randomPlan) rotates() bool {
	const never = 1 << 20
	days := func(d tfkit.Duration) int {
		n, err := time.ParseDuration(d.ValueString())
		if err != nil {
			return never
		}
		return int(n / day)
	}
	age := int(p.readAt.Sub(issuedAt) / day)
	dated, expires := !p.prior.RotatedAt.IsNull(), !p.prior.ExpiresAt.IsNull()
	unknownTime := p.planned.RotateAfter.IsUnknown() && dated || p.planned.RotateBeforeExpiry.IsUnknown() && expires
	before, now := p.prior.Keepers, p.planned.Keepers
	keepersRotate := len(before.Elements()) > 0 && !before.Equal(now) && (now.IsUnknown() || len(now.Elements()) > 0)
	window := days(p.planned.RotateBeforeExpiry)
	if dated && window >= 90 && window < never { // as long as the life of the key
		window = 0
	}
	deadRotates := p.readAt.After(endsAt) && !p.planned.RotateWhenDead.IsNull()
	return p.unconfirmed || keepersRotate || unknownTime || deadRotates ||
		dated && age >= days(p.planned.RotateAfter) ||
		expires && age >= 90-window && window < never
}

// Terraform plans again during apply, with the same private state. A saved plan may be applied long
// after it was made.
func TestPlanningAgainDecidesTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		rotations := 0
		for range 5000 {
			p := newRandomPlan(r)
			var diags diag.Diagnostics
			private := &privateState{}
			finishRead(t, private, at(p.readAt), &diags)
			MarkUnconfirmed(t.Context(), private, p.unconfirmed, &diags)
			wantTexts(t, diags)

			first, second := p.planned, p.planned
			said := first.Plan(p.prior, private.load(t), "Effect.")
			time.Sleep(time.Duration(r.IntN(20)) * day) // of the bubble's clock, from 2000 to about 2130
			saidAgain := second.Plan(p.prior, private.load(t), "Effect.")

			if first.WillRotate() != p.rotates() {
				t.Fatalf("rotates: %t, %s", first.WillRotate(), p)
			}
			if !reflect.DeepEqual(first, second) || !slices.Equal(texts(said), texts(saidAgain)) {
				t.Fatalf("planned again: %+v, %q, before %+v, %q, %s", second, texts(saidAgain), first, texts(said), p)
			}
			if first.WillRotate() {
				rotations++
			}
		}
		if rotations < 1000 || rotations > 4000 {
			t.Errorf("%d of 5000 plans rotate: too few of one kind to prove anything", rotations)
		}
	})
}

// After a rotation the next plan is empty, whatever the trigger was.
func TestNoSecondRotation(t *testing.T) {
	for _, test := range reasonCases {
		if test.want == "" {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			prior, rotated := planOf(test.prior, test.config)
			rotated.Plan(prior, test.PlanContext, "")
			_, known := keepersChanged(prior.Keepers, rotated.Keepers)
			if !known || rotated.RotateAfter.IsUnknown() || rotated.RotateBeforeExpiry.IsUnknown() {
				t.Skip("not known before apply")
			}
			now := endsAt.Add(10 * day)
			rotated.Set(Issued{transport.NewSecret("key-2"), now.Add(90 * day).Format(time.RFC3339)}, at(now),
				&diag.Diagnostics{})
			next := rotated
			wantTexts(t, next.Plan(rotated, readAt(now.Add(time.Minute)), ""))
			wantKey(t, next, rotated)
		})
	}
}

// A plan that rotates an imported key does not also warn that the key can't be rotated by time.
func TestOneWarningOfARotation(t *testing.T) {
	prior, planned := planOf(all(cleared, v1), all(both, v2))
	wantTexts(t, planned.Plan(prior, readAt(endsAt), "Effect."), rotationWarning(keepersDiffer, "Effect."))
}
