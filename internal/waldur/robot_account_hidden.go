package waldur

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// hiddenUsers are users of an account that the server does not return: if an offering requires
// consent, people on the provider's side do not see users who have not given it. They are known
// from a write that the server accepted. Without them every plan would add these users again.
type hiddenUsers struct {
	Users           []string `json:"users,omitempty"`
	ResponsibleUser string   `json:"responsible_user,omitempty"`
}

var privateHidden = tfkit.Private[hiddenUsers]{Key: "hidden_users", About: "the hidden users"}

// after returns the hidden users after a write: the users that it sent, or else those that were
// hidden before, without those that the response shows.
func (h hiddenUsers) after(sent waldurapi.RobotAccountWrite, response *waldurapi.RobotAccount) hiddenUsers {
	if sent.Users != nil {
		h.Users = *sent.Users
	}
	if sent.ResponsibleUser != nil {
		h.ResponsibleUser = *sent.ResponsibleUser
	}
	h.Users = without(h.Users, uuidsOf(response.Users))
	if h.ResponsibleUser == string(response.ResponsibleUser.Reference) {
		h.ResponsibleUser = ""
	}
	return h
}

// refreshed returns the users that are still hidden. A user who was shown once and is not any more
// has left.
func (h hiddenUsers) refreshed(response *waldurapi.RobotAccount) hiddenUsers {
	h.Users = without(h.Users, uuidsOf(response.Users))
	if response.ResponsibleUser.Reference != "" {
		h.ResponsibleUser = ""
	}
	return h
}

// addTo returns an account with the hidden users. Users that the response does not have are unknown, and
// stay so.
func (h hiddenUsers) addTo(account *waldurapi.RobotAccount) *waldurapi.RobotAccount {
	whole := *account
	whole.Users = slices.Clone(account.Users)
	for _, user := range h.Users {
		if account.Users != nil {
			whole.Users = append(whole.Users, waldurapi.Reference(user))
		}
	}
	if whole.ResponsibleUser.Reference == "" {
		whole.ResponsibleUser.Reference = waldurapi.Reference(h.ResponsibleUser)
	}
	return &whole
}

// without returns the users that are not shown, nil if there is none.
func without(users, shown []string) (left []string) {
	for _, user := range users {
		if !slices.Contains(shown, user) {
			left = append(left, user)
		}
	}
	return left
}

// warn reports hidden users that a write does not remove.
func (h hiddenUsers) warn(write waldurapi.RobotAccountWrite, diags *diag.Diagnostics) {
	const summary = "Hidden users are not removed"
	const detail = "Waldur hides users who have not given their consent from this token, and keeps them when they " +
		"are removed. Ask a person who can see them to remove: "
	if write.Users != nil {
		if kept := without(h.Users, *write.Users); len(kept) > 0 {
			diags.AddAttributeWarning(path.Root("users"), summary, detail+strings.Join(kept, ", "))
		}
	}
	if write.ResponsibleUser != nil && *write.ResponsibleUser == "" && h.ResponsibleUser != "" {
		diags.AddAttributeWarning(path.Root("responsible_user"), summary, detail+h.ResponsibleUser)
	}
}
