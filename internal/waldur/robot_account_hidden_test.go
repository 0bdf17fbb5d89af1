package waldur

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// nobodyResponsible is plainRobot without a responsible user.
var nobodyResponsible = strings.ReplaceAll(plainRobot,
	`"responsible_user": "https://h/api/users/`+annUUID+`/"`, `"responsible_user": null`)

func TestHiddenAfterWrite(t *testing.T) {
	both := hiddenUsers{[]string{annUUID, scopeUUID}, annUUID}
	users := func(uuids ...string) waldurapi.RobotAccountWrite { return waldurapi.RobotAccountWrite{Users: &uuids} }
	responsible := func(uuid string) waldurapi.RobotAccountWrite {
		return waldurapi.RobotAccountWrite{ResponsibleUser: &uuid}
	}
	for name, test := range map[string]struct {
		before   hiddenUsers
		sent     waldurapi.RobotAccountWrite
		response string
		want     hiddenUsers
	}{
		"all shown":             {hiddenUsers{}, users(annUUID, boUUID), plainRobot, hiddenUsers{}},
		"all shown, as objects": {hiddenUsers{}, users(boUUID, annUUID), detailedRobot, hiddenUsers{}},
		"nothing sent":          {hiddenUsers{}, waldurapi.RobotAccountWrite{}, bareRobot, hiddenUsers{}},
		"others shown":          {hiddenUsers{}, waldurapi.RobotAccountWrite{}, plainRobot, hiddenUsers{}},
		"one hidden": {
			hiddenUsers{}, users(annUUID, scopeUUID, boUUID), plainRobot, hiddenUsers{Users: []string{scopeUUID}},
		},
		"all hidden": {hiddenUsers{}, users(annUUID, boUUID), bareRobot,
			hiddenUsers{Users: []string{annUUID, boUUID}}},
		"responsible user hidden": {hiddenUsers{}, responsible(boUUID), nobodyResponsible,
			hiddenUsers{ResponsibleUser: boUUID}},
		"responsible user shown":   {hiddenUsers{}, responsible(annUUID), plainRobot, hiddenUsers{}},
		"responsible user removed": {both, responsible(""), bareRobot, hiddenUsers{Users: both.Users}},
		"old server":               {hiddenUsers{}, users(annUUID), oldRobot, hiddenUsers{Users: []string{annUUID}}},
		"hidden before, still":     {both, waldurapi.RobotAccountWrite{}, bareRobot, both},
		"hidden before, shown now": {both, waldurapi.RobotAccountWrite{}, plainRobot,
			hiddenUsers{Users: []string{scopeUUID}}},
		"hidden before, removed":  {both, users(), bareRobot, hiddenUsers{ResponsibleUser: annUUID}},
		"hidden before, replaced": {both, users(boUUID), bareRobot, hiddenUsers{[]string{boUUID}, annUUID}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, test.before.after(test.sent, decoded[waldurapi.RobotAccount](t, test.response)), test.want)
		})
	}
	wantEqual(t, both, hiddenUsers{[]string{annUUID, scopeUUID}, annUUID})
}

func TestHiddenRefreshed(t *testing.T) {
	both := hiddenUsers{[]string{annUUID, scopeUUID}, annUUID}
	otherResponsible := strings.ReplaceAll(bareRobot,
		`"responsible_user": null`, `"responsible_user": {"uuid": "`+boUUID+`"}`)
	for name, test := range map[string]struct {
		before   hiddenUsers
		response string
		want     hiddenUsers
	}{
		"nobody hidden":    {hiddenUsers{}, plainRobot, hiddenUsers{}},
		"shown":            {both, plainRobot, hiddenUsers{Users: []string{scopeUUID}}},
		"still hidden":     {both, bareRobot, both},
		"a user only":      {both, nobodyResponsible, hiddenUsers{[]string{scopeUUID}, annUUID}},
		"somebody else is": {both, otherResponsible, hiddenUsers{Users: []string{annUUID, scopeUUID}}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, test.before.refreshed(decoded[waldurapi.RobotAccount](t, test.response)), test.want)
		})
	}
}

func TestHiddenAddTo(t *testing.T) {
	for name, test := range map[string]struct {
		hidden      hiddenUsers
		response    string
		users       []waldurapi.Reference
		responsible waldurapi.Reference
	}{
		"nobody": {hiddenUsers{}, plainRobot, []waldurapi.Reference{boUUID, annUUID}, annUUID},
		"a user": {hiddenUsers{Users: []string{scopeUUID}}, plainRobot,
			[]waldurapi.Reference{boUUID, annUUID, scopeUUID}, annUUID},
		"a responsible user": {hiddenUsers{ResponsibleUser: boUUID}, bareRobot, []waldurapi.Reference{}, boUUID},
		"users not returned": {hiddenUsers{[]string{annUUID}, boUUID}, emptyResponse, nil, boUUID},
		"another one is not shown": {hiddenUsers{ResponsibleUser: boUUID}, plainRobot,
			[]waldurapi.Reference{boUUID, annUUID}, annUUID},
	} {
		t.Run(name, func(t *testing.T) {
			in := decoded[waldurapi.RobotAccount](t, test.response)
			got := test.hidden.addTo(in)
			wantEqual(t, got.Users, test.users)
			wantEqual(t, got.ResponsibleUser.Reference, test.responsible)
			wantEqual(t, in, decoded[waldurapi.RobotAccount](t, test.response))
		})
	}
}

func TestHiddenWarn(t *testing.T) {
	const detail = ": Hidden users are not removed: Waldur hides users who have not given their consent from this " +
		"token, and keeps them when they are removed. Ask a person who can see them to remove: "
	hidden := hiddenUsers{[]string{annUUID, scopeUUID}, annUUID}
	nobody, bo := "", boUUID
	for name, test := range map[string]struct {
		write waldurapi.RobotAccountWrite
		want  []string
	}{
		"nothing sent": {waldurapi.RobotAccountWrite{}, nil},
		"all sent": {waldurapi.RobotAccountWrite{Users: &[]string{scopeUUID, annUUID, boUUID}},
			nil},
		"one removed": {waldurapi.RobotAccountWrite{Users: &[]string{annUUID}},
			[]string{"Warning users" + detail + scopeUUID}},
		"all removed": {waldurapi.RobotAccountWrite{Users: &[]string{}},
			[]string{"Warning users" + detail + annUUID + ", " + scopeUUID}},
		"the responsible user removed": {waldurapi.RobotAccountWrite{ResponsibleUser: &nobody},
			[]string{"Warning responsible_user" + detail + annUUID}},
		"another responsible user": {waldurapi.RobotAccountWrite{ResponsibleUser: &bo}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			hidden.warn(test.write, &diags)
			wantDiagnostics(t, diags, test.want...)
		})
	}
}

type privateState map[string][]byte

func (p privateState) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p privateState) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

// States of earlier versions hold these texts.
func TestHiddenInPrivateState(t *testing.T) {
	for text, hidden := range map[string]hiddenUsers{
		`{}`: {},
		`{"users":["` + annUUID + `","` + boUUID + `"],"responsible_user":"` + boUUID + `"}`: {[]string{annUUID,
			boUUID}, boUUID},
		`{"users":["` + annUUID + `"]}`:          {Users: []string{annUUID}},
		`{"responsible_user":"` + annUUID + `"}`: {ResponsibleUser: annUUID},
	} {
		var diags diag.Diagnostics
		private := privateState{"hidden_users": []byte(`{"users":["x"]}`)}
		privateHidden.Store(t.Context(), private, hidden, &diags)
		wantEqual(t, private, privateState{"hidden_users": []byte(text)})
		wantEqual(t, privateHidden.Load(t.Context(), private, &diags), hidden)
		wantDiagnostics(t, diags)
	}
}
