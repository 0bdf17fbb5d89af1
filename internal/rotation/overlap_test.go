package rotation

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// The overlap of the tests begins at issuedAt.
const overlapEnd = "2026-03-03T12:00:00Z"

func lasting(d time.Duration) timetypes.GoDuration { return timetypes.NewGoDurationValue(d) }

// alone is a key without a predecessor, overlap not set.
func alone() OverlappingKey {
	k := OverlappingKey{Key: issued(), PreviousAPIKey: types.StringNull(), PreviousExpiresAt: timetypes.NewRFC3339Null()}
	k.ExpiresAt = types.StringNull()
	k.Keepers = keepers("v", "1")
	return k
}

// followed is a key whose predecessor is valid for an overlap of two days.
func followed() OverlappingKey {
	k := alone()
	k.Overlap = lasting(2 * day)
	k.PreviousAPIKey, k.PreviousExpiresAt = types.StringValue("key-0"), timetypes.NewRFC3339ValueMust(overlapEnd)
	return k
}

// unstored is the same where keys are kept out of state.
func unstored() OverlappingKey {
	k := followed()
	k.APIKey, k.PreviousAPIKey = types.StringNull(), types.StringNull()
	return k
}

func wantOverlapping(t *testing.T, got, want OverlappingKey) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

const (
	diesAtOnce  = "The current key is revoked as soon as there is a new one."
	livesOn     = "The current key stays valid for overlap = 48h0m0s more, as previous_api_key."
	mayLiveOn   = "Whether the current key stays valid for a while is not known before apply."
	olderDies   = " The previous key, which was to be valid until " + overlapEnd + ", is revoked at once."
	overlapOver = "its overlap ended at "
	noOverlap   = "there is no overlap any more"
)

func rotation(effect string) []string {
	return []string{"Warning: API key rotation: Applying this plan rotates the API key: " + keepersDiffer + ". " + effect}
}

func revocation(reason string) []string {
	return []string{"Warning: API key revocation: Applying this plan revokes the previous API key: " + reason + "."}
}

func TestOverlappingPlanThatRotates(t *testing.T) {
	for name, test := range map[string]struct {
		prior    OverlappingKey
		overlap  timetypes.GoDuration
		previous bool // whether there may be a previous key after the apply
		want     []string
	}{
		"without an overlap":                  {alone(), timetypes.NewGoDurationNull(), false, rotation(diesAtOnce)},
		"without an overlap, one before":      {followed(), timetypes.NewGoDurationNull(), false, rotation(diesAtOnce + olderDies)},
		"with an overlap":                     {alone(), lasting(2 * day), true, rotation(livesOn)},
		"with an overlap, one before":         {followed(), lasting(2 * day), true, rotation(livesOn + olderDies)},
		"with an unknown overlap":             {alone(), timetypes.NewGoDurationUnknown(), true, rotation(mayLiveOn)},
		"with an unknown overlap, one before": {followed(), timetypes.NewGoDurationUnknown(), true, rotation(mayLiveOn + olderDies)},
		"not stored, without an overlap":      {unstored(), timetypes.NewGoDurationNull(), false, rotation(diesAtOnce + olderDies)},
		"not stored, with an overlap":         {unstored(), lasting(2 * day), true, rotation(livesOn + olderDies)},
	} {
		for moment, observed := range map[string]time.Time{"never seen": {}, "during the overlap": issuedAt.Add(day), "long after": issuedAt.Add(100 * day)} {
			t.Run(name+", "+moment, func(t *testing.T) {
				planned := test.prior
				planned.Overlap, planned.Keepers = test.overlap, keepers("v", "2")
				want, priorBefore := planned, test.prior
				want.APIKey, want.ExpiresAt, want.RotatedAt = types.StringUnknown(), types.StringUnknown(), timetypes.NewRFC3339Unknown()
				want.PreviousAPIKey, want.PreviousExpiresAt = types.StringNull(), timetypes.NewRFC3339Null()
				if test.previous {
					want.PreviousAPIKey, want.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
				}
				wantTexts(t, planned.Plan(test.prior, seen(observed)), test.want...)
				wantOverlapping(t, planned, want)
				wantOverlapping(t, test.prior, priorBefore)
			})
		}
	}
}

func TestOverlappingPlanThatRotatesNothing(t *testing.T) {
	end := issuedAt.Add(2 * day)
	for name, test := range map[string]struct {
		prior    OverlappingKey
		overlap  timetypes.GoDuration
		observed time.Time
		expires  string // previous_expires_at after the apply; "": the previous key is revoked, or there is none
		want     []string
	}{
		"none, no overlap":         {alone(), timetypes.NewGoDurationNull(), end, "", nil},
		"none, an overlap is set":  {alone(), lasting(2 * day), end, "", nil},
		"none, an unknown overlap": {alone(), timetypes.NewGoDurationUnknown(), end, "", nil},

		"at its beginning":       {followed(), lasting(2 * day), issuedAt, overlapEnd, nil},
		"a nanosecond early":     {followed(), lasting(2 * day), end.Add(-1), overlapEnd, nil},
		"to the point":           {followed(), lasting(2 * day), end, "", revocation(overlapOver + overlapEnd)},
		"late":                   {followed(), lasting(2 * day), end.Add(day), "", revocation(overlapOver + overlapEnd)},
		"seen in another zone":   {followed(), lasting(2 * day), end.In(time.FixedZone("", 5*60*60)), "", revocation(overlapOver + overlapEnd)},
		"not seen yet":           {followed(), lasting(2 * day), time.Time{}, overlapEnd, nil},
		"the clock was set back": {followed(), lasting(2 * day), issuedAt.Add(-100 * day), overlapEnd, nil},

		"shortened, not over":                   {followed(), lasting(day), issuedAt.Add(time.Hour), "2026-03-02T12:00:00Z", nil},
		"shortened, over by that":               {followed(), lasting(day), issuedAt.Add(day), "", revocation(overlapOver + "2026-03-02T12:00:00Z")},
		"shortened, not seen yet":               {followed(), lasting(day), time.Time{}, "2026-03-02T12:00:00Z", nil},
		"lengthened, not over":                  {followed(), lasting(3 * day), issuedAt.Add(day), "2026-03-04T12:00:00Z", nil},
		"lengthened, over without that":         {followed(), lasting(3 * day), end.Add(time.Hour), "2026-03-04T12:00:00Z", nil},
		"lengthened, over in spite of that":     {followed(), lasting(3 * day), issuedAt.Add(3 * day), "", revocation(overlapOver + "2026-03-04T12:00:00Z")},
		"removed during the overlap":            {followed(), timetypes.NewGoDurationNull(), issuedAt.Add(day), "", revocation(noOverlap)},
		"removed, not seen yet":                 {followed(), timetypes.NewGoDurationNull(), time.Time{}, "", revocation(noOverlap)},
		"not stored, not over":                  {unstored(), lasting(2 * day), issuedAt, overlapEnd, nil},
		"not stored, over":                      {unstored(), lasting(2 * day), end, "", revocation(overlapOver + overlapEnd)},
		"the time of the rotation is not known": {undated(), lasting(2 * day), issuedAt, "", revocation("it is not known when the current key was issued, and so neither when the overlap ends")},
	} {
		t.Run(name, func(t *testing.T) {
			planned := test.prior
			planned.Overlap = test.overlap
			want, priorBefore := planned, test.prior
			want.PreviousExpiresAt = timetypes.NewRFC3339ValueMust(overlapEnd)
			if test.expires == "" {
				want.PreviousAPIKey, want.PreviousExpiresAt = types.StringNull(), timetypes.NewRFC3339Null()
			} else {
				want.PreviousExpiresAt = timetypes.NewRFC3339ValueMust(test.expires)
			}
			wantTexts(t, planned.Plan(test.prior, seen(test.observed)), test.want...)
			wantOverlapping(t, planned, want)
			wantOverlapping(t, test.prior, priorBefore)
			if planned.WillRotate() {
				t.Error("it rotates")
			}
		})
	}
}

// undated is a key whose predecessor is valid though the time of the rotation is not known.
func undated() OverlappingKey {
	k := followed()
	k.RotatedAt = timetypes.NewRFC3339Null()
	return k
}

// What an overlap that is not known yet may end must not be planned as a known value: it could not change any more.
func TestOverlappingPlanOfAnUnknownOverlap(t *testing.T) {
	planned := followed()
	planned.Overlap = timetypes.NewGoDurationUnknown()
	want := planned
	want.PreviousAPIKey, want.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	wantTexts(t, planned.Plan(followed(), seen(issuedAt)))
	wantOverlapping(t, planned, want)
}

// The values of the previous key are the state's, whatever the plan began with.
func TestOverlappingPlanTakesTheStatesValues(t *testing.T) {
	planned := followed()
	planned.PreviousAPIKey, planned.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	wantTexts(t, planned.Plan(followed(), seen(issuedAt)))
	wantOverlapping(t, planned, followed())
}

// The plan of a plan that was applied is empty.
func TestOverlappingPlanSettles(t *testing.T) {
	for name, overlap := range map[string]timetypes.GoDuration{"none": timetypes.NewGoDurationNull(), "two days": lasting(2 * day), "nine days": lasting(9 * day)} {
		for moment, observed := range map[string]time.Time{"early": issuedAt.Add(day), "late": issuedAt.Add(5 * day)} {
			t.Run(name+", "+moment, func(t *testing.T) {
				planned := followed()
				planned.Overlap = overlap
				planned.Plan(followed(), seen(observed))
				next := planned
				wantTexts(t, next.Plan(planned, seen(observed)))
				wantOverlapping(t, next, planned)
			})
		}
	}
}

// What Key.Plan refuses or warns of is told, with what becomes of the previous key.
func TestOverlappingPlanTellsOfTheTriggers(t *testing.T) {
	prior := undated()
	planned := prior
	planned.RotateAfter, planned.Overlap = lasting(30*day), timetypes.NewGoDurationNull()
	got := texts(planned.Plan(prior, seen(issuedAt)))
	if len(got) != 2 || !strings.HasPrefix(got[0], "Warning rotate_after: Rotation can't be scheduled: ") || got[1] != revocation(noOverlap)[0] {
		t.Errorf("got %q", got)
	}
}

func TestcheckOverlap(t *testing.T) {
	refused := func(after, overlap string) []string {
		return []string{"Error overlap: Overlap longer than the life of a key: The key is rotated every " + after +
			", which revokes the previous one. The overlap of " + overlap + " must be at least 1m0s shorter."}
	}
	null, unknown := timetypes.NewGoDurationNull(), timetypes.NewGoDurationUnknown()
	for name, test := range map[string]struct {
		overlap, after timetypes.GoDuration
		want           []string
	}{
		"neither":                  {null, null, nil},
		"overlap alone":            {lasting(1000 * day), null, nil},
		"rotate_after alone":       {null, lasting(time.Minute), nil},
		"shorter":                  {lasting(day), lasting(30 * day), nil},
		"a minute shorter":         {lasting(30*day - time.Minute), lasting(30 * day), nil},
		"hardly a minute shorter":  {lasting(30*day - time.Minute + 1), lasting(30 * day), refused("720h0m0s", "719h59m0.000000001s")},
		"as long":                  {lasting(30 * day), lasting(30 * day), refused("720h0m0s", "720h0m0s")},
		"longer":                   {lasting(31 * day), lasting(30 * day), refused("720h0m0s", "744h0m0s")},
		"the shortest of both":     {lasting(time.Minute), lasting(time.Minute), refused("1m0s", "1m0s")},
		"overlap not known":        {unknown, lasting(time.Minute), nil},
		"rotate_after not known":   {lasting(31 * day), unknown, nil},
		"neither is known":         {unknown, unknown, nil},
		"rotate_after, no overlap": {null, lasting(30 * day), nil},
	} {
		t.Run(name, func(t *testing.T) {
			k := alone()
			k.Overlap, k.RotateAfter = test.overlap, test.after
			wantTexts(t, k.checkOverlap(), test.want...)
			if test.want == nil {
				return
			}
			// A plan that is refused decides nothing else.
			k.Keepers = keepers("v", "2")
			before := k
			wantTexts(t, k.Plan(followed(), PlanContext{Unconfirmed: true}), test.want...)
			wantOverlapping(t, k, before)
		})
	}
}

func TestSucceed(t *testing.T) {
	now := time.Date(2026, time.June, 1, 2, 0, 0, 5, time.FixedZone("", 2*60*60))
	for name, test := range map[string]struct {
		before  OverlappingKey
		overlap timetypes.GoDuration
		ends    string
	}{
		"with an overlap":              {alone(), lasting(2 * day), "2026-06-03T00:00:00Z"},
		"with an overlap, one before":  {followed(), lasting(36 * time.Hour), "2026-06-02T12:00:00Z"},
		"without, due at once":         {alone(), timetypes.NewGoDurationNull(), "2026-06-01T00:00:00Z"},
		"without, one before":          {followed(), timetypes.NewGoDurationNull(), "2026-06-01T00:00:00Z"},
		"the key is not stored":        {unstored(), lasting(2 * day), "2026-06-03T00:00:00Z"},
		"the first one was not dated":  {undated(), lasting(2 * day), "2026-06-03T00:00:00Z"},
		"nothing is known of the last": {func() OverlappingKey { k := alone(); k.Clear(); return k }(), lasting(2 * day), "2026-06-03T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			got := test.before
			got.Overlap = test.overlap
			want := got
			want.PreviousAPIKey, want.PreviousExpiresAt = test.before.APIKey, timetypes.NewRFC3339ValueMust(test.ends)
			want.APIKey, want.ExpiresAt, want.RotatedAt = types.StringValue("key-2"), types.StringNull(), timetypes.NewRFC3339ValueMust("2026-06-01T00:00:00Z")

			got.setRotated(Issued{Secret: transport.NewSecret("key-2")}, at(now))
			wantOverlapping(t, got, want)
			if !got.HasPrevious() || got.WillRotate() {
				t.Errorf("previous: %t, planned: %t", got.HasPrevious(), got.WillRotate())
			}
		})
	}
}

func TestForgetPrevious(t *testing.T) {
	got, want := followed(), followed()
	want.PreviousAPIKey, want.PreviousExpiresAt = types.StringNull(), timetypes.NewRFC3339Null()
	got.ClearPrevious()
	wantOverlapping(t, got, want)
	if got.HasPrevious() {
		t.Error("it has a previous key")
	}
}

func TestHasPreviousAndOverlaps(t *testing.T) {
	for name, test := range map[string]struct {
		key                OverlappingKey
		previous, overlaps bool
	}{
		"none":                     {alone(), false, false},
		"one":                      {followed(), true, true},
		"one that is not stored":   {unstored(), true, true},
		"a value without a date":   {OverlappingKey{PreviousAPIKey: types.StringValue("key-0")}, false, false},
		"one that may be":          {OverlappingKey{PreviousExpiresAt: timetypes.NewRFC3339Unknown()}, true, false},
		"an overlap not known yet": {OverlappingKey{Key: Key{Overlap: timetypes.NewGoDurationUnknown()}}, false, false},
		"a malformed overlap":      {OverlappingKey{Key: Key{Overlap: timetypes.GoDuration{StringValue: types.StringValue("soon")}}}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			if test.key.HasPrevious() != test.previous || test.key.Overlaps() != test.overlaps {
				t.Errorf("previous: %t, overlaps: %t", test.key.HasPrevious(), test.key.Overlaps())
			}
		})
	}
}

func TestKeepOfBothKeys(t *testing.T) {
	prior := followed()
	got := alone()
	got.Keepers, got.RotateAfter, got.Overlap = keepers("v", "2"), lasting(30*day), lasting(day)
	got.APIKey, got.RotatedAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	got.PreviousAPIKey, got.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	want := prior
	want.RotateAfter, want.Overlap = got.RotateAfter, got.Overlap

	got.restore(prior)
	wantOverlapping(t, got, want)
}

var overlapWords = Words{
	APIKey: "Called `tokenID` there.", Imported: "That of the existing token.", ExpiresAt: "Always null.", NeverExpires: "tokens never end.",
}

func TestWithOverlap(t *testing.T) {
	both := []string{"api_key", "expires_at", "id", "keepers", "overlap", "previous_api_key", "previous_expires_at", "rotate_after", "rotate_before_expiry", "rotated_at"}
	one := []string{"api_key", "expires_at", "id", "keepers", "overlap", "rotate_after", "rotate_before_expiry", "rotated_at"}
	neither := Words{NoOverlap: "there is one key.", NeverExpires: "keys never end."}
	for name, test := range map[string]struct {
		words           Words
		names           []string
		refused, others []string // which durations can't be set, and which can
	}{
		"overlaps, expires":       {Words{}, both, nil, []string{"overlap", "rotate_before_expiry", "rotate_after"}},
		"overlaps, never expires": {overlapWords, both, []string{"rotate_before_expiry"}, []string{"overlap", "rotate_after"}},
		"no overlap, expires":     {words, one, []string{"overlap"}, []string{"rotate_before_expiry", "rotate_after"}},
		"neither":                 {neither, one, []string{"overlap", "rotate_before_expiry"}, []string{"rotate_after"}},
	} {
		t.Run(name, func(t *testing.T) {
			own := map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}}
			all := With(test.words, own)
			if names := slices.Sorted(maps.Keys(all)); !slices.Equal(names, test.names) || len(own) != 1 {
				t.Errorf("attributes %q, own %v", names, own)
			}
			if diags := (schema.Schema{Attributes: all}).ValidateImplementation(t.Context()); len(diags) > 0 {
				t.Errorf("invalid schema: %s", texts(diags))
			}
			for _, name := range test.refused {
				if !strings.HasPrefix(all[name].GetMarkdownDescription(), "Not possible here, and an error when set: ") || len(refusals(t, all[name], "24h")) != 1 {
					t.Errorf("%s: %q, %q", name, all[name].GetMarkdownDescription(), refusals(t, all[name], "24h"))
				}
			}
			for _, name := range test.others {
				if len(refusals(t, all[name], "1m")) != 0 || len(refusals(t, all[name], "59s")) != 1 {
					t.Errorf("%s: %q, %q", name, refusals(t, all[name], "1m"), refusals(t, all[name], "59s"))
				}
			}
		})
	}
}

func refusals(t *testing.T, attribute schema.Attribute, text string) []string {
	t.Helper()
	all := []string{}
	for _, v := range attribute.(schema.StringAttribute).Validators {
		all = append(all, validate(t, v, types.StringValue(text))...)
	}
	return all
}

func TestNeverExpires(t *testing.T) {
	attribute := With(overlapWords, map[string]schema.Attribute{})["rotate_before_expiry"].(schema.StringAttribute)
	want := []string{"Error some.time: Rotation before an expiry: some.time can't be set: tokens never end. Use rotate_after."}
	if got := refusals(t, attribute, "24h"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := validate(t, attribute.Validators[0], types.StringUnknown()); !slices.Equal(got, want) {
		t.Errorf("unknown: got %q, want %q", got, want)
	}
	if got := validate(t, attribute.Validators[0], types.StringNull()); len(got) > 0 {
		t.Errorf("null: got %q", got)
	}
	if got := attribute.MarkdownDescription; got != "Not possible here, and an error when set: tokens never end." {
		t.Errorf("description %q", got)
	}
	if v := attribute.Validators[0]; v.Description(t.Context()) == "" || v.MarkdownDescription(t.Context()) != v.Description(t.Context()) {
		t.Error("a validator without a description")
	}
}

func TestDescriptionsOfOverlap(t *testing.T) {
	all := With(overlapWords, map[string]schema.Attribute{})
	for name, sentence := range map[string]string{
		"api_key": "Called `tokenID` there. That of the existing token.", "rotated_at": "That of the existing token.", "expires_at": "Always null.",
		"overlap": "stays valid after a rotation", "previous_api_key": "before the last rotation", "previous_expires_at": "When the overlap ends",
	} {
		if text := all[name].GetMarkdownDescription(); !strings.Contains(text, sentence) {
			t.Errorf("the description of %s lacks %q: %s", name, sentence, text)
		}
	}
	for name, attribute := range all {
		computed := slices.Contains([]string{"api_key", "expires_at", "rotated_at", "previous_api_key", "previous_expires_at"}, name)
		if attribute.IsComputed() != computed || attribute.IsOptional() == computed || attribute.IsRequired() {
			t.Errorf("%s: computed %v, optional %v, required %v", name, attribute.IsComputed(), attribute.IsOptional(), attribute.IsRequired())
		}
		if attribute.IsSensitive() != (name == "api_key" || name == "previous_api_key") {
			t.Errorf("%s: sensitive %v", name, attribute.IsSensitive())
		}
	}
}

// A model that embeds OverlappingKey reads and writes the attributes, none too many and none missing.
func TestOverlappingFitsTheSchema(t *testing.T) {
	s := schema.Schema{Attributes: With(overlapWords, map[string]schema.Attribute{})}
	state := tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), nil)}
	type model struct{ OverlappingKey }
	in := model{followed()}
	wantTexts(t, state.Set(t.Context(), &in))
	var out model
	wantTexts(t, state.Get(t.Context(), &out))
	wantOverlapping(t, out.OverlappingKey, in.OverlappingKey)

	for _, name := range []string{"previous_api_key", "previous_expires_at"} {
		for _, value := range []types.String{types.StringValue("x"), types.StringNull()} {
			req := planmodifier.StringRequest{State: state, StateValue: value, PlanValue: types.StringUnknown(), ConfigValue: types.StringNull()}
			resp := planmodifier.StringResponse{PlanValue: req.PlanValue}
			for _, m := range s.Attributes[name].(schema.StringAttribute).PlanModifiers {
				m.PlanModifyString(t.Context(), req, &resp)
			}
			if !resp.PlanValue.Equal(value) || resp.RequiresReplace {
				t.Errorf("%s: %s is planned as %s", name, value, resp.PlanValue)
			}
		}
	}
}
