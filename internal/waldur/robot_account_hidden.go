package waldur

import (
	"slices"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// hiddenUsers are users whom an account has, but whom the server does not show: where an offering asks for consent, people on the
// provider's side don't see who has not given it. They are known from a write that was accepted. Without them every plan would want to
// add them again.
type hiddenUsers struct {
	Users           []string `json:"users,omitempty"`
	ResponsibleUser string   `json:"responsible_user,omitempty"`
}

// hiddenFrom tells whom an answer hides of those who were sent.
func hiddenFrom(users []string, responsible string, answer *waldurapi.RobotAccount) hiddenUsers {
	var hidden hiddenUsers
	shown := uuidsOf(answer.Users)
	for _, user := range users {
		if !slices.Contains(shown, user) {
			hidden.Users = append(hidden.Users, user)
		}
	}
	if responsible != string(answer.ResponsibleUser) {
		hidden.ResponsibleUser = responsible
	}
	return hidden
}

// after tells whom an answer hides after a write: of those whom it sent, or of those who were hidden before.
func (h hiddenUsers) after(sent waldurapi.RobotAccountWrite, answer *waldurapi.RobotAccount) hiddenUsers {
	users, responsible := h.Users, h.ResponsibleUser
	if sent.Users != nil {
		users = *sent.Users
	}
	if sent.ResponsibleUser != nil {
		responsible = *sent.ResponsibleUser
	}
	return hiddenFrom(users, responsible, answer)
}

// except returns the hidden users but for those who are known to have left.
func (h hiddenUsers) except(left []string) hiddenUsers {
	kept := hiddenUsers{Users: slices.DeleteFunc(slices.Clone(h.Users), func(user string) bool { return slices.Contains(left, user) })}
	if !slices.Contains(left, h.ResponsibleUser) {
		kept.ResponsibleUser = h.ResponsibleUser
	}
	return kept
}

// without returns those who are still not shown. Whoever is shown once, and then is not, has left.
func (h hiddenUsers) without(answer *waldurapi.RobotAccount) hiddenUsers {
	kept := h.except(uuidsOf(answer.Users))
	kept.ResponsibleUser = h.ResponsibleUser
	if answer.ResponsibleUser != "" {
		kept.ResponsibleUser = ""
	}
	return kept
}

var privateHidden = tfkit.Private[hiddenUsers]{Key: "hidden_users", About: "the hidden users"}
