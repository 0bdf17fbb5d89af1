package rotation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
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

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

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
		{"the first entry of a map", keepers(), one, yes},
		{"the last entry of a map", one, keepers(), yes},
		{"an entry is added", one, two, yes},
		{"an entry is removed", two, one, yes},
		{"an entry is changed", two, keepers("v", "1", "w", "2"), yes},
		{"an entry is renamed", one, keepers("w", "1"), yes},
		{"values change places", keepers("v", "1", "w", "2"), keepers("v", "2", "w", "1"), yes},
		{"case counts", keepers("v", "a"), keepers("v", "A"), yes},
		{"white space counts", one, keepers("v", "1 "), yes},
		{"the map is unknown", one, unknownKeepers(), maybe},
		{"the map is unknown, before it was empty", keepers(), unknownKeepers(), maybe},
		{"a value is unknown", one, keepersUnknownAt("v"), maybe},
		{"a value is unknown, the other is the same", two, keepersUnknownAt("w", "v", "1"), maybe},
		{"a value is unknown, the other has changed", two, keepersUnknownAt("w", "v", "2"), yes},
		{"an entry with an unknown value is added", one, keepersUnknownAt("w", "v", "1"), yes},
		{"an entry with an unknown value takes another's place", one, keepersUnknownAt("w"), yes},
		{"a value is unknown, another entry is removed", two, keepersUnknownAt("v"), yes},
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
	doubtful         = "the response to the request for the last key was lost, so that the key in state is missing or may be dead"
	keepersDiffer    = "its keepers have changed"
	keepersMayDiffer = "a keeper is not known before apply, and rotates if it turns out to have changed"
	timeMayHaveCome  = "the time of its rotation is not known before apply, and may turn out to have come"
	tooOld           = "it was issued at 2026-03-01T12:00:00Z, more than rotate_after = 720h0m0s ago"
	endsSoon         = "it ends at 2026-05-30T12:00:00Z, within rotate_before_expiry = 168h0m0s"
)

// reasonCase is a key in state, what a configuration makes of it, and what comes of that.
type reasonCase struct {
	name   string
	prior  func(*Key) // nil: as issued
	change func(*Key) // nil: no trigger is set
	PlanContext
	want string
}

func setAfter(k *Key)  { k.RotateAfter = timetypes.NewGoDurationValue(30 * day) }
func setWindow(k *Key) { k.RotateBeforeExpiry = timetypes.NewGoDurationValue(7 * day) }

func setBoth(k *Key) {
	setAfter(k)
	setWindow(k)
}

func seen(when time.Time) PlanContext { return PlanContext{ReadAt: when} }

var reasonCases = []reasonCase{
	{"nothing set, long after the end", nil, nil, seen(endsAt.Add(1000 * day)), ""},
	{"in doubt", nil, nil, PlanContext{Unconfirmed: true}, doubtful},
	{"in doubt, nothing is known of the key", (*Key).Forget, nil, PlanContext{Unconfirmed: true}, doubtful},

	{"after: just issued", nil, setAfter, seen(issuedAt), ""},
	{"after: a nanosecond early", nil, setAfter, seen(issuedAt.Add(30*day - 1)), ""},
	{"after: to the point", nil, setAfter, seen(issuedAt.Add(30 * day)), tooOld},
	{"after: late", nil, setAfter, seen(issuedAt.Add(31 * day)), tooOld},
	{"after: seen in another zone", nil, setAfter, seen(issuedAt.Add(30 * day).In(time.FixedZone("", 5*60*60))), tooOld},
	{"after: not seen yet", nil, setAfter, PlanContext{}, ""},
	{"after: the clock was set back", nil, setAfter, seen(issuedAt.Add(-100 * day)), ""},
	{"after: imported", (*Key).Forget, setAfter, seen(endsAt), ""},
	{"after: the state's own does not count", setAfter, nil, seen(endsAt), ""},
	{"after: the time of issue is in another zone",
		func(k *Key) { k.RotatedAt = timetypes.NewRFC3339ValueMust("2026-03-01T14:00:00+02:00") }, setAfter, seen(issuedAt.Add(30*day - 1)), ""},

	{"expiry: just issued", nil, setWindow, seen(issuedAt), ""},
	{"expiry: a nanosecond early", nil, setWindow, seen(endsAt.Add(-7*day - 1)), ""},
	{"expiry: to the point", nil, setWindow, seen(endsAt.Add(-7 * day)), endsSoon},
	{"expiry: late", nil, setWindow, seen(endsAt.Add(-day)), endsSoon},
	{"expiry: over", nil, setWindow, seen(endsAt.Add(day)), endsSoon},
	{"expiry: not seen yet", nil, setWindow, PlanContext{}, ""},
	{"expiry: none is known", (*Key).Forget, setWindow, seen(endsAt), ""},
	{"expiry: no form that is understood", func(k *Key) { k.ExpiresAt = types.StringValue("soon") }, setWindow, seen(endsAt), ""},
	{"expiry: known though the time of issue is not", func(k *Key) { k.RotatedAt = timetypes.NewRFC3339Null() }, setWindow, seen(endsAt), endsSoon},
	{"expiry: without an offset, a nanosecond early",
		func(k *Key) { k.ExpiresAt = types.StringValue("2026-05-30T12:00:00.000001") }, setWindow, seen(endsAt.Add(-7*day + time.Microsecond - 1)), ""},
	{"expiry: without an offset, to the point",
		func(k *Key) { k.ExpiresAt = types.StringValue("2026-05-30T12:00:00.000001") }, setWindow, seen(endsAt.Add(-7*day + time.Microsecond)),
		"it ends at 2026-05-30T12:00:00.000001, within rotate_before_expiry = 168h0m0s"},

	{"keepers: first map", nil, func(k *Key) { k.Keepers = keepers("v", "1") }, seen(endsAt), ""},
	{"keepers: first map after an import", (*Key).Forget, func(k *Key) { k.Keepers = keepers("v", "1") }, seen(endsAt), ""},
	{"keepers: changed", func(k *Key) { k.Keepers = keepers("v", "1") }, func(k *Key) { k.Keepers = keepers("v", "2") }, PlanContext{}, keepersDiffer},
	{"keepers: changed, after an import",
		func(k *Key) { k.Clear(); k.Keepers = keepers("v", "1") }, func(k *Key) { k.Keepers = keepers("v", "2") }, PlanContext{}, keepersDiffer},
	{"keepers: unknown", func(k *Key) { k.Keepers = keepers("v", "1") }, func(k *Key) { k.Keepers = unknownKeepers() }, PlanContext{}, keepersMayDiffer},

	{"unknown rotate_after", nil, func(k *Key) { k.RotateAfter = timetypes.NewGoDurationUnknown() }, PlanContext{}, timeMayHaveCome},
	{"unknown rotate_before_expiry", nil, func(k *Key) { k.RotateBeforeExpiry = timetypes.NewGoDurationUnknown() }, PlanContext{}, timeMayHaveCome},
	{"unknown overlap is none of it", nil, func(k *Key) { k.Overlap = timetypes.NewGoDurationUnknown() }, seen(endsAt), ""},

	{"first doubt, then keepers", func(k *Key) { k.Keepers = keepers("v", "1") }, func(k *Key) { k.Keepers = keepers(); setBoth(k) },
		PlanContext{ReadAt: endsAt, Unconfirmed: true}, doubtful},
	{"first keepers, then time", func(k *Key) { k.Keepers = keepers("v", "1") }, func(k *Key) { k.Keepers = keepers(); setBoth(k) }, seen(endsAt), keepersDiffer},
	{"first unknown keepers, then unknown time", func(k *Key) { k.Keepers = keepers("v", "1") },
		func(k *Key) { k.Keepers, k.RotateAfter = unknownKeepers(), timetypes.NewGoDurationUnknown() }, seen(endsAt), keepersMayDiffer},
	{"first unknown time, then age", nil, func(k *Key) { setAfter(k); k.RotateBeforeExpiry = timetypes.NewGoDurationUnknown() }, seen(endsAt), timeMayHaveCome},
	{"first age, then expiry", nil, setBoth, seen(endsAt), tooOld},
	{"expiry though the age is not reached",
		nil, func(k *Key) { setWindow(k); k.RotateAfter = timetypes.NewGoDurationValue(1000 * day) }, seen(endsAt), endsSoon},
}

// keys returns the prior key and the planned one before a decision.
func (c reasonCase) keys() (prior, planned Key) {
	prior = issued()
	if c.prior != nil {
		c.prior(&prior)
	}
	planned = issued()
	planned.APIKey, planned.ExpiresAt, planned.RotatedAt = prior.APIKey, prior.ExpiresAt, prior.RotatedAt
	if c.change != nil {
		c.change(&planned)
	}
	return prior, planned
}

func TestReason(t *testing.T) {
	for _, test := range reasonCases {
		t.Run(test.name, func(t *testing.T) {
			prior, planned := test.keys()
			if got := planned.reason(prior, test.PlanContext); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			// The times are those of the key in state, whatever the plan holds.
			planned.ExpiresAt, planned.RotatedAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
			if got := planned.reason(prior, test.PlanContext); got != test.want {
				t.Errorf("with a plan that knows no times: got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPlanMarksTheKeyAndNothingElse(t *testing.T) {
	for _, test := range reasonCases {
		t.Run(test.name, func(t *testing.T) {
			prior, got := test.keys()
			want, priorBefore := got, prior
			diags := got.Plan(prior, test.PlanContext, "The old one dies.")
			if test.want == "" {
				wantKey(t, got, want)
				if strings.Contains(strings.Join(texts(diags), "\n"), "API key rotation") {
					t.Errorf("announced without being planned: %s", texts(diags))
				}
				return
			}
			want.APIKey, want.ExpiresAt, want.RotatedAt = types.StringUnknown(), types.StringUnknown(), timetypes.NewRFC3339Unknown()
			wantKey(t, got, want)
			wantKey(t, prior, priorBefore)
			wantTexts(t, diags, "Warning: API key rotation: Applying this plan rotates the API key: "+test.want+". The old one dies.")
		})
	}
}

func TestPlanOfTriggersThatCannotAct(t *testing.T) {
	afterUnscheduled := "Warning rotate_after: Rotation can't be scheduled: The key is not rotated every 720h0m0s yet, since it is not known " +
		"when it was issued, as after an import. Change a keeper to rotate it once."
	expiryUnscheduled := "Warning rotate_before_expiry: Rotation can't be scheduled: It is not known when the key ends: either it was imported, " +
		"then change a keeper to rotate it once, or its system tells no expiry, then use rotate_after."
	tooWide := func(life, window string) string {
		return "Error rotate_before_expiry: Rotation at every apply: The key lives for " + life + ". To rotate it " + window +
			" before its end would rotate it at every apply; choose a shorter time."
	}
	window := func(d time.Duration) func(*Key) {
		return func(k *Key) { k.RotateBeforeExpiry = timetypes.NewGoDurationValue(d) }
	}
	for _, test := range []struct {
		name      string
		prior     Key
		change    func(*Key)
		situation PlanContext
		want      []string
		rotates   bool
	}{
		{"imported, no trigger", imported(), func(*Key) {}, seen(endsAt), nil, false},
		{"imported, rotate_after", imported(), setAfter, seen(endsAt), []string{afterUnscheduled}, false},
		{"imported, rotate_before_expiry", imported(), setWindow, seen(endsAt), []string{expiryUnscheduled}, false},
		{"imported, both", imported(), setBoth, seen(endsAt), []string{afterUnscheduled, expiryUnscheduled}, false},
		{"imported, both unknown", imported(), func(k *Key) {
			k.RotateAfter, k.RotateBeforeExpiry = timetypes.NewGoDurationUnknown(), timetypes.NewGoDurationUnknown()
		}, seen(endsAt), []string{"Warning: API key rotation: Applying this plan rotates the API key: " + timeMayHaveCome + ". Effect."}, true},
		{"no expiry told, the age is not reached", func() Key { k := issued(); k.ExpiresAt = types.StringNull(); return k }(), setBoth,
			seen(issuedAt), []string{expiryUnscheduled}, false},
		{"an expiry of a form that is not understood", func() Key { k := issued(); k.ExpiresAt = types.StringValue("soon"); return k }(), setWindow,
			seen(endsAt), []string{`Warning rotate_before_expiry: Rotation can't be scheduled: The key ends at "soon", which is not a time in RFC 3339. Use rotate_after.`}, false},
		{"window longer than the life", issued(), window(91 * day), seen(issuedAt), []string{tooWide("2160h0m0s", "2184h0m0s")}, false},
		{"window as long as the life", issued(), window(90 * day), seen(issuedAt), []string{tooWide("2160h0m0s", "2160h0m0s")}, false},
		{"window hardly shorter than the life", issued(), window(90*day - time.Minute + 1), seen(issuedAt),
			[]string{tooWide("2160h0m0s", "2159h59m0.000000001s")}, false},
		{"window a minute shorter than the life", issued(), window(90*day - time.Minute), seen(issuedAt), nil, false},
		{"window longer than the life, and a keeper has changed", func() Key { k := issued(); k.Keepers = keepers("v", "0"); return k }(),
			func(k *Key) { window(91 * day)(k); k.Keepers = keepers("v", "1") }, seen(issuedAt), []string{tooWide("2160h0m0s", "2184h0m0s")}, false},
		{"window longer than the life, and the key is in doubt", issued(), window(91 * day), PlanContext{Unconfirmed: true},
			[]string{tooWide("2160h0m0s", "2184h0m0s")}, false},
		{"a life with fractions is rounded", func() Key { k := issued(); k.ExpiresAt = types.StringValue("2026-03-01T13:00:00.4Z"); return k }(),
			window(2 * time.Hour), seen(issuedAt), []string{tooWide("1h0m0s", "2h0m0s")}, false},
		{"a life that is not known", func() Key { k := issued(); k.RotatedAt = timetypes.NewRFC3339Null(); return k }(),
			window(91 * day), seen(issuedAt.Add(-100 * day)), nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := issued()
			got.APIKey, got.ExpiresAt, got.RotatedAt = test.prior.APIKey, test.prior.ExpiresAt, test.prior.RotatedAt
			test.change(&got)
			wantTexts(t, got.Plan(test.prior, test.situation, "Effect."), test.want...)
			if got.WillRotate() != test.rotates {
				t.Errorf("planned: %v", got.WillRotate())
			}
		})
	}
}

// private is a resource's private state.
type private struct {
	held   map[string][]byte
	broken string // the key that fails
}

func (p *private) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	if key == p.broken {
		return []byte("true"), diag.Diagnostics{diag.NewErrorDiagnostic("Broken", key)}
	}
	return p.held[key], nil
}

func (p *private) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	if key == p.broken || !json.Valid(value) {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Broken", key)}
	}
	if p.held == nil {
		p.held = map[string][]byte{}
	}
	p.held[key] = value
	return nil
}

func recall(t *testing.T, p *private) PlanContext {
	t.Helper()
	s, diags := Recall(t.Context(), p)
	wantTexts(t, diags)
	return s
}

func wantPlanContext(t *testing.T, got, want PlanContext) {
	t.Helper()
	if !got.ReadAt.Equal(want.ReadAt) || got.Unconfirmed != want.Unconfirmed {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPrivateStateRoundTrip(t *testing.T) {
	p := &private{}
	wantPlanContext(t, recall(t, p), PlanContext{})

	seenAt := time.Date(2026, time.March, 1, 14, 30, 15, 123456789, time.FixedZone("", 2*60*60))
	wantTexts(t, StoreReadTime(t.Context(), p, at(seenAt)), &diags)
	wantPlanContext(t, recall(t, p), PlanContext{ReadAt: seenAt})

	wantTexts(t, MarkUnconfirmed(t.Context(), p, true), &diags)
	wantPlanContext(t, recall(t, p), PlanContext{ReadAt: seenAt, Unconfirmed: true})

	wantTexts(t, StoreReadTime(t.Context(), p, at(endsAt)), &diags)
	wantPlanContext(t, recall(t, p), PlanContext{ReadAt: endsAt, Unconfirmed: true})

	wantTexts(t, MarkUnconfirmed(t.Context(), p, false), &diags)
	wantPlanContext(t, recall(t, p), PlanContext{ReadAt: endsAt})

	// These names and forms are in the state of users: another version must read them.
	want := map[string]string{"observed_at": `"2026-05-30T12:00:00Z"`, "key_in_doubt": "false"}
	got := map[string]string{}
	for key, value := range p.held {
		got[key] = string(value)
	}
	if !maps.Equal(got, want) {
		t.Errorf("private state %v, want %v", got, want)
	}
}

func TestRecallOfWhatItCannotRead(t *testing.T) {
	summary := "Error: Unable to read the state of a rotation: "
	for name, test := range map[string]struct {
		held map[string][]byte
		want []string
	}{
		"no time":         {map[string][]byte{observedKey: []byte(`"yesterday"`)}, []string{summary + `parsing time "yesterday" as`}},
		"a time cut off":  {map[string][]byte{observedKey: []byte(`"2026-`)}, []string{summary + "unexpected end of JSON input"}},
		"no boolean":      {map[string][]byte{doubtKey: []byte(`"true"`)}, []string{summary + "json: cannot unmarshal string"}},
		"no JSON":         {map[string][]byte{doubtKey: []byte(`yes`)}, []string{summary + "invalid character 'y'"}},
		"neither of both": {map[string][]byte{observedKey: []byte(`1`), doubtKey: []byte(`1`)}, []string{summary + "Time.UnmarshalJSON", summary + "json: cannot unmarshal number"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := Recall(t.Context(), &private{held: test.held})
			got := texts(diags)
			if !slices.EqualFunc(got, test.want, strings.HasPrefix) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPrivateStateThatFails(t *testing.T) {
	for _, key := range []string{observedKey, doubtKey} {
		t.Run(key, func(t *testing.T) {
			p := &private{broken: key}
			want := "Error: Broken: " + key
			s, diags := Recall(t.Context(), p)
			wantTexts(t, diags, want)
			wantPlanContext(t, s, PlanContext{})
			diags = StoreReadTime(t.Context(), p, at(endsAt), &diags)
			diags.Append(MarkUnconfirmed(t.Context(), p, true)..., &diags)
			wantTexts(t, diags, want)
		})
	}
	// JSON has no year of five digits.
	diags := Observe(t.Context(), &private{}, at(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)))
	if got := texts(diags); len(got) != 1 || !strings.HasPrefix(got[0], "Error: Unable to store the state of a rotation: ") {
		t.Errorf("got %q", got)
	}
}

// scene is a plan's input, made at random.
type scene struct {
	prior, planned Key
	observed       time.Time
	inDoubt        bool
}

func (s scene) String() string {
	return fmt.Sprintf("prior %+v, planned %+v, observed %s, in doubt %v", s.prior, s.planned, s.observed, s.inDoubt)
}

func randomScene(r *rand.Rand) scene {
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
	randomDuration := func() timetypes.GoDuration {
		switch r.IntN(8) {
		case 0:
			return timetypes.NewGoDurationUnknown()
		case 1, 2, 3:
			return timetypes.NewGoDurationNull()
		default:
			return timetypes.NewGoDurationValue(time.Duration(1+r.IntN(100)) * day)
		}
	}
	s := scene{prior: issued(), observed: issuedAt.Add(time.Duration(r.IntN(120)) * day), inDoubt: r.IntN(10) == 0}
	switch r.IntN(6) {
	case 0:
		s.prior.Clear()
	case 1:
		s.prior.ExpiresAt = types.StringNull()
	}
	s.prior.Keepers = randomKeepers(false)
	s.planned = s.prior
	if r.IntN(3) == 0 {
		s.planned.Keepers = randomKeepers(true)
	}
	s.planned.RotateAfter, s.planned.RotateBeforeExpiry = randomDuration(), randomDuration()
	return s
}

// rotates decides by other means than the code under test.
func (s scene) rotates() bool {
	days := func(d timetypes.GoDuration) int {
		n, err := time.ParseDuration(d.ValueString())
		if err != nil {
			return 1 << 20
		}
		return int(n / day)
	}
	age, unknownTime := int(s.observed.Sub(issuedAt)/day), s.planned.RotateAfter.IsUnknown() || s.planned.RotateBeforeExpiry.IsUnknown()
	dated, expires := !s.prior.RotatedAt.IsNull(), !s.prior.ExpiresAt.IsNull()
	keepersRotate := !s.prior.Keepers.IsNull() && !s.planned.Keepers.IsNull() && !s.prior.Keepers.Equal(s.planned.Keepers)
	window := days(s.planned.RotateBeforeExpiry)
	if dated && expires && window >= 90 && window < 1<<20 {
		return false
	}
	return s.inDoubt || keepersRotate || unknownTime ||
		dated && age >= days(s.planned.RotateAfter) ||
		expires && age >= 90-window && window < 1<<20
}

// Terraform plans again during apply, with the same private state, and a saved plan may be applied long after it was made.
func TestPlanningAgainDecidesTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		rotations := 0
		for range 5000 {
			s := randomScene(r)
			p := &private{}
			StoreReadTime(t.Context(), p, at(s.observed), &diags)
			MarkUnconfirmed(t.Context(), p, s.inDoubt, &diags)

			first, second := s.planned, s.planned
			said := first.Plan(s.prior, recall(t, p), "Effect.")
			time.Sleep(time.Duration(r.IntN(20)) * day) // of the bubble's clock, from 2000 to about 2130
			saidAgain := second.Plan(s.prior, recall(t, p), "Effect.")

			if first.WillRotate() != s.rotates() {
				t.Fatalf("planned: %v, %s", first.WillRotate(), s)
			}
			if !reflect.DeepEqual(first, second) || !slices.Equal(texts(said), texts(saidAgain)) {
				t.Fatalf("planned again: %+v, %q, before %+v, %q, %s", second, texts(saidAgain), first, texts(said), s)
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
			prior, rotated := test.keys()
			rotated.Plan(prior, test.PlanContext, "")
			if rotated.Keepers.IsUnknown() || rotated.RotateAfter.IsUnknown() || rotated.RotateBeforeExpiry.IsUnknown() {
				t.Skip("not known before apply")
			}
			now := endsAt.Add(10 * day)
			rotated.Set(Issued{transport.NewSecret("key-2"), now.Add(90*day).Format(time.RFC3339)}, at(now))
			next := rotated
			wantTexts(t, next.Plan(rotated, seen(now.Add(time.Minute)), ""))
			wantKey(t, next, rotated)
		})
	}
}

// A plan that rotates an imported key does not say in the same breath that the key can't be rotated by time.
func TestOneWarningOfARotation(t *testing.T) {
	prior := imported()
	prior.Keepers = keepers("v", "1")
	planned := prior
	setBoth(&planned)
	planned.Keepers = keepers("v", "2")
	wantTexts(t, planned.Plan(prior, seen(endsAt), "Effect."),
		"Warning: API key rotation: Applying this plan rotates the API key: its keepers have changed. Effect.")
}
