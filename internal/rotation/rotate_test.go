package rotation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

var errBroken = errors.New("connection reset")

func TestUnconfirmed(t *testing.T) {
	marked := Unconfirmed(errBroken)
	for name, test := range map[string]struct {
		err         error
		unconfirmed bool
	}{
		"marked":             {marked, true},
		"wrapped":            {fmt.Errorf("rotate: %w", marked), true},
		"joined":             {errors.Join(errors.New("rename failed"), marked), true},
		"wrapped and joined": {fmt.Errorf("%w; %w", errors.New("other"), fmt.Errorf("rotate: %w", marked)), true},
		"marked around":      {Unconfirmed(fmt.Errorf("rotate: %w", errBroken)), true},
		"not marked":         {fmt.Errorf("rotate: %w", errBroken), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := errors.Is(test.err, ErrUnconfirmed); got != test.unconfirmed {
				t.Errorf("errors.Is(err, ErrUnconfirmed): %t", got)
			}
			if !errors.Is(test.err, errBroken) {
				t.Error("the cause is lost")
			}
			if strings.Contains(test.err.Error(), ErrUnconfirmed.Error()) {
				t.Errorf("the mark is in the text: %s", test.err)
			}
		})
	}
	if got := marked.Error(); got != errBroken.Error() {
		t.Errorf("the text has changed: %s", got)
	}
	var typed *transport.Error
	if !errors.As(Unconfirmed(&transport.Error{Status: 502}), &typed) || typed.Status != 502 {
		t.Error("the type of the cause is lost")
	}
}

// history records the steps of a rotation of one key. A step that a test does not set succeeds.
type history struct {
	privateState
	steps []string
	diags diag.Diagnostics
	key   func() Key // the model's key at a save

	issueErr  error
	saveFails int // the number of the save that fails, from 1; 0: none
	saves     int
}

func (h *history) add(format string, arguments ...any) {
	h.steps = append(h.steps, fmt.Sprintf(format, arguments...))
}

// SetKey implements tfkit.PrivateState.
func (h *history) SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics {
	h.add("private %s = %s", key, value)
	return h.privateState.SetKey(ctx, key, value)
}

func (h *history) asSteps() Steps {
	return Steps{
		Issue: func(context.Context) (Issued, error) {
			h.add("issue")
			return Issued{transport.NewSecret("key-2"), "2026-08-28T12:00:00Z"}, h.issueErr
		},
		Save: func() {
			h.saves++
			k := h.key()
			h.add("save %s keepers %s", k.APIKey, k.Keepers)
			if h.saves == h.saveFails {
				h.diags.AddError("Broken", "save")
			}
		},
		Fail: func(err error, hints ...string) {
			h.add("fail: %s", strings.Join(append([]string{err.Error()}, hints...), " | "))
			h.diags.AddError("Unable to rotate", err.Error())
		},
		Private: h, Clock: at(endsAt),
	}
}

const (
	savePrior   = `save "key-1" keepers {"v":"1"}`
	savePlanned = `save "key-1" keepers {"v":"2"}`
	saveRotated = `save "key-2" keepers {"v":"2"}`
	markTrue    = "private key_in_doubt = true"
)

var rotateCases = []struct {
	name      string
	rotates   bool // whether the plan does
	issueErr  error
	saveFails int
	earlier   bool // whether the diagnostics have an error already
	steps     []string
	rotated   bool
	prior     bool // whether the model has the prior key and keepers afterwards
}{
	{name: "success", rotates: true, steps: []string{savePrior, "issue", saveRotated}, rotated: true},
	{name: "no rotation planned", steps: []string{savePlanned}},
	{
		name: "the response was lost", rotates: true, prior: true,
		issueErr: fmt.Errorf("rotate: %w", Unconfirmed(errBroken)),
		steps: []string{savePrior, "issue", markTrue,
			"fail: rotate: connection reset | The current key may no longer work. The next apply rotates again."},
	},
	{
		name: "the request was refused", rotates: true, issueErr: errors.New("forbidden"), prior: true,
		steps: []string{savePrior, "issue", "fail: forbidden"},
	},
	{name: "the first save fails", rotates: true, saveFails: 1, prior: true, steps: []string{savePrior}},
	{
		name: "the second save fails", rotates: true, saveFails: 2, rotated: true,
		steps: []string{savePrior, "issue", saveRotated},
	},
	{name: "an error before", rotates: true, earlier: true, prior: true, steps: []string{savePrior}},
}

func TestRotate(t *testing.T) {
	for _, test := range rotateCases {
		t.Run(test.name, func(t *testing.T) {
			prior := issuedKey()
			prior.Keepers = keepers("v", "1")
			k := prior
			k.Keepers = keepers("v", "2")
			if test.rotates {
				k = rotating(prior)
			}
			k.RotateAfter = lasting(30 * day)
			planned, priorBefore := k, prior

			h := &history{issueErr: test.issueErr, saveFails: test.saveFails, key: func() Key { return k }}
			if test.earlier {
				h.diags.AddError("Broken", "earlier")
			}
			if got := k.Rotate(t.Context(), prior, h.asSteps(), &h.diags); got != test.rotated {
				t.Errorf("rotated: %t", got)
			}
			wantSteps(t, h.steps, test.steps)
			want := planned
			switch {
			case test.rotated:
				want.APIKey, want.ExpiresAt = types.StringValue("key-2"), types.StringValue("2026-08-28T12:00:00Z")
				want.RotatedAt = timetypes.NewRFC3339TimeValue(endsAt)
				want.KeyVersion = types.Int64Value(endsAt.Unix())
			case test.prior:
				want = prior
				want.RotateAfter = planned.RotateAfter
			}
			wantKey(t, k, want)
			wantKey(t, prior, priorBefore)
		})
	}
}

func TestRotateOfOverlappingKey(t *testing.T) {
	for _, test := range rotateCases {
		t.Run(test.name, func(t *testing.T) {
			prior := withPrevious()
			k := prior
			k.Keepers = keepers("v", "2")
			if test.rotates {
				k.Key = rotating(prior.Key)
				k.PreviousAPIKey, k.PreviousExpiresAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
			}
			k.Overlap = lasting(day)
			planned, priorBefore := k, prior

			h := &history{issueErr: test.issueErr, saveFails: test.saveFails, key: func() Key { return k.Key }}
			if test.earlier {
				h.diags.AddError("Broken", "earlier")
			}
			if got := k.Rotate(t.Context(), prior, h.asSteps(), &h.diags); got != test.rotated {
				t.Errorf("rotated: %t", got)
			}
			wantSteps(t, h.steps, test.steps)
			want := planned
			switch {
			case test.rotated:
				want.APIKey, want.ExpiresAt = types.StringValue("key-2"), types.StringValue("2026-08-28T12:00:00Z")
				want.RotatedAt = timetypes.NewRFC3339TimeValue(endsAt)
				want.KeyVersion = types.Int64Value(endsAt.Unix())
				want.PreviousAPIKey = types.StringValue("key-1")
				want.PreviousExpiresAt = timetypes.NewRFC3339TimeValue(endsAt.Add(day))
			case test.prior:
				want = prior
				want.Overlap = planned.Overlap
			}
			wantKey(t, k, want)
			wantKey(t, prior, priorBefore)
		})
	}
}

// A mark of an earlier run stays until a key is issued: a refused request says nothing about the
// key in state.
func TestRotateAfterAnUnconfirmedRotation(t *testing.T) {
	for name, test := range map[string]struct {
		issueErr error
		want     bool
	}{
		"issued":     {nil, false},
		"refused":    {errors.New("forbidden"), true},
		"lost again": {Unconfirmed(errBroken), true},
	} {
		t.Run(name, func(t *testing.T) {
			prior := issuedKey()
			k := rotating(prior)
			h := &history{issueErr: test.issueErr, key: func() Key { return k }}
			MarkUnconfirmed(t.Context(), h, true, &h.diags)
			k.Rotate(t.Context(), prior, h.asSteps(), &h.diags)
			if got := h.load(t).Unconfirmed; got != test.want {
				t.Errorf("unconfirmed: %t", got)
			}
		})
	}
}

// The mark is written before the second save: a failing private state is an error, and the new key
// is still saved.
func TestRotateWithoutPrivateState(t *testing.T) {
	prior := issuedKey()
	k := rotating(prior)
	h := &history{privateState: privateState{broken: unconfirmedMark.Key}, key: func() Key { return k }}
	h.values = map[string][]byte{unconfirmedMark.Key: []byte("true")}
	if !k.Rotate(t.Context(), prior, h.asSteps(), &h.diags) || k.APIKey.ValueString() != "key-2" || h.saves != 2 {
		t.Errorf("%d saves, key %s", h.saves, k.APIKey)
	}
	wantTexts(t, h.diags, "Error: Broken: key_in_doubt")
}

func TestIssueMissing(t *testing.T) {
	for name, test := range map[string]struct {
		issueErr error
		steps    []string
	}{
		"issued":        {nil, []string{"issue", `save "key-2" keepers {"v":"1"}`}},
		"refused":       {errors.New("forbidden"), []string{"issue", markTrue, "fail: forbidden"}},
		"response lost": {Unconfirmed(errBroken), []string{"issue", markTrue, "fail: connection reset"}},
	} {
		t.Run(name, func(t *testing.T) {
			k := importedKey()
			k.Keepers = keepers("v", "1")
			want := k
			if test.issueErr == nil {
				want.Set(Issued{transport.NewSecret("key-2"), "2026-08-28T12:00:00Z"}, at(endsAt), &diag.Diagnostics{})
			}
			h := &history{issueErr: test.issueErr, key: func() Key { return k }}
			k.IssueMissing(t.Context(), h.asSteps(), &h.diags)
			wantSteps(t, h.steps, test.steps)
			wantKey(t, k, want)
			if k.Held() != (test.issueErr == nil) {
				t.Errorf("held: %t", k.Held())
			}
		})
	}
}

func wantSteps(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}
