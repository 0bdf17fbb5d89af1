package wavefront

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// planned returns a planned key. "": null, "?": unknown.
func planned(rotatedAt, previousEnds string) rotation.OverlappingKey {
	at := func(text string) timetypes.RFC3339 {
		switch text {
		case "":
			return timetypes.NewRFC3339Null()
		case "?":
			return timetypes.NewRFC3339Unknown()
		}
		return timetypes.NewRFC3339ValueMust(text)
	}
	k := rotation.OverlappingKey{Key: rotation.NoKey()}
	k.RotatedAt, k.PreviousExpiresAt = at(rotatedAt), at(previousEnds)
	return k
}

const (
	then  = "2026-03-01T12:00:00Z"
	later = "2026-03-03T12:00:00Z"
)

func TestRefuseRevocation(t *testing.T) {
	const (
		lockout  = ": The provider could lock itself out: This plan "
		current  = "Error keepers" + lockout + "rotates without an overlap, and so revokes the token. "
		previous = "Error overlap" + lockout + "revokes the previous token. "
	)
	var (
		own     = transport.NewSecret("own").Fingerprint()
		first   = fingerprints{Current: own, Previous: "2"}
		second  = fingerprints{Current: "1", Previous: own}
		neither = fingerprints{Current: "1", Previous: "2"}

		idle, rotates = planned(then, later), planned("?", "?")
		ends, cuts    = planned(then, ""), planned("?", "")
	)
	overlap, none := tfkit.Duration{StringValue: types.StringValue((time.Hour).String())}, tfkit.Duration{}
	for name, test := range map[string]struct {
		own     fingerprints
		plan    rotation.OverlappingKey
		overlap tfkit.Duration
		want    []string
	}{
		"its current token, idle":                   {first, idle, overlap, nil},
		"its current token, the overlap ends":       {first, ends, overlap, nil},
		"its current token rotates with an overlap": {first, rotates, overlap, nil},
		"its current token rotates without":         {first, cuts, none, []string{current}},
		"its current token, overlap is unknown": {
			first, rotates, tfkit.Duration{StringValue: types.StringUnknown()}, nil,
		},
		"its previous token, idle":                    {second, idle, overlap, nil},
		"its previous token, the overlap ends":        {second, ends, overlap, []string{previous}},
		"its previous token, the overlap is removed":  {second, ends, none, []string{previous}},
		"its previous token, a rotation with overlap": {second, rotates, overlap, []string{previous}},
		"its previous token, a rotation without":      {second, cuts, none, []string{previous}},
		"neither, rotates":                            {neither, cuts, none, nil},
		"neither, the overlap ends":                   {neither, ends, none, nil},
		"nothing is known":                            {fingerprints{}, cuts, none, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := tokenResourceModel{OverlappingKey: test.plan}
			m.Overlap = test.overlap
			var r tokenResource
			r.Client = script(nil).client(t)
			var diags, allowed diag.Diagnostics
			r.refuseRevocation(test.own, &m, &diags)
			wantMessages(t, diags, test.want...)
			if got := messages(diags); len(got) > 0 && !strings.Contains(got[0], "allow_self_lockout = true") {
				t.Errorf("the way out is missing: %q", got)
			}
			m.AllowSelfLockout = types.BoolValue(true)
			r.refuseRevocation(test.own, &m, &allowed)
			wantMessages(t, allowed)
		})
	}
}

func TestCheckPlace(t *testing.T) {
	full := make([]string, wavefrontapi.MaxTokens)
	for i := range full {
		full[i] = `{"tokenID":"` + strings.Repeat("t", i+1) + `","tokenName":"other"}`
	}
	full[0] = `{"tokenID":"own","tokenName":"x"}`
	lists := func(tokens ...string) script { return script{"GET 200 [" + strings.Join(tokens, ",") + "]"} }
	const refused = "Warning service_account: Too many tokens: sa::ci: the account has 20 tokens, and no more than " +
		"20 are allowed at a time. Revoke a token that is not needed. The apply fails, unless it revokes another " +
		"token first."
	text := types.StringValue
	for name, test := range map[string]struct {
		server        script
		account, name types.String
		creates       bool
		want          []string
	}{
		"place":    {lists(full[1:]...), text("sa::ci"), text("new"), true, nil},
		"no place": {lists(full...), text("sa::ci"), text("new"), true, []string{refused}},
		"no place for a rotation": {
			lists(full...), text("sa::ci"), text("x"), false, []string{refused + " A rotation needs one place"},
		},
		"a replacement":               {lists(full...), text("sa::ci"), text("x"), true, nil},
		"no such account, one asks":   {script{`GET 404 {"message":"no"}`}, text("sa::ci"), text("new"), true, nil},
		"an account that is unknown":  {nil, types.StringUnknown(), text("new"), true, nil},
		"a name that is unknown":      {nil, text("sa::ci"), types.StringUnknown(), true, nil},
		"an account that cannot read": {script{`GET 403 {"message":"no"}`}, text("sa::ci"), text("new"), true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			client := test.server.client(t)
			var r tokenResource
			r.Client, r.Data = client, &tfkit.Data{}
			var diags diag.Diagnostics
			r.checkPlace(
				t.Context(), &tokenResourceModel{ServiceAccount: test.account, Name: test.name}, &diags, test.creates,
			)
			wantMessages(t, diags, test.want...)
		})
	}
}
