package waldur

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// failUpdate reports a failed update at the attribute that the user has to correct. A refusal without
// a field is about a type that is taken, or about people who have left. A server of 2024 fails with
// 500 and without a reason if a type is taken. What is looked up here is looked up for the error alone.
func (s robotAccounts) failUpdate(
	ctx context.Context, m *robotAccountResourceModel, write waldurapi.RobotAccountWrite, err error,
	diags *diag.Diagnostics,
) {
	uuid := m.UUID.ValueString()
	var taken *takenError
	if !errors.As(err, &taken) && unexplained(err) && write.Type != nil {
		taken = s.takenMeanwhile(ctx, m)
	}
	people := tfkit.Distinct(tfkit.CanonicalElements(m.Users), responsible(m))
	switch {
	case taken != nil:
		failRobotAccountAt("type", diags, "update", uuid, taken, robotSwapHint)
		return
	case !unexplained(err) || len(people) == 0:
		failRobotAccount(diags, "update", uuid, err)
		return
	}
	unseen, lookupErr := users(s).unseen(ctx, m.ProjectUUID.Canonical(), m.CustomerUUID.Canonical(), people)
	if lookupErr != nil {
		unseen = nil
	}
	if len(unseen) == 0 && !refusedAsAWhole(err) {
		failRobotAccount(diags, "update", uuid, err)
		return
	}
	hints := []string{robotPeopleHint}
	if hint := unseenHint(unseen); hint != "" {
		hints = []string{hint, robotPeopleHint}
	}
	failRobotAccountAt(peopleAttribute(m, unseen), diags, "update", uuid, err, hints...)
}

// unexplained reports whether the server failed to do an update, or refused it, and named no field.
func unexplained(err error) bool {
	var failed *transport.Error
	return errors.As(err, &failed) && failed.Method == http.MethodPatch &&
		(refusedAsAWhole(err) || failed.Status == http.StatusInternalServerError)
}

// takenMeanwhile returns the error if the planned type belongs to another account now, else nil.
func (s robotAccounts) takenMeanwhile(ctx context.Context, m *robotAccountResourceModel) (taken *takenError) {
	err := s.refuseTaken(ctx, m.UUID.ValueString(), m.ResourceUUID.Canonical(), m.Type.ValueString())
	_ = errors.As(err, &taken)
	return taken
}

// responsible returns the responsible user in a list, which is empty if there is none.
func responsible(m *robotAccountResourceModel) []string {
	if user := m.ResponsibleUser.Canonical(); user != "" {
		return []string{user}
	}
	return nil
}

// peopleAttribute returns the attribute that has the people who are not seen: users, unless it is the
// responsible user alone.
func peopleAttribute(m *robotAccountResourceModel, unseen []string) string {
	planned := tfkit.CanonicalElements(m.Users)
	isUser := func(user string) bool { return slices.Contains(planned, user) }
	if len(planned) == 0 || len(unseen) > 0 && !slices.ContainsFunc(unseen, isUser) {
		return "responsible_user"
	}
	return "users"
}
