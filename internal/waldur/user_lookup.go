package waldur

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// users is the only place with requests about users.
type users struct{ client *client }

// get reads a user.
func (s users) get(ctx context.Context, uuid string) (*waldurapi.User, error) {
	return s.client.Users.Get(ctx, uuid)
}

// unseen returns those of some users who are neither among the people of a project nor among those of a
// customer, as this token sees them. The error is nil and the result is empty if the token sees nobody
// there at all.
func (s users) unseen(ctx context.Context, project, customer string, wanted []string) ([]string, error) {
	var seen []string
	for _, filter := range []waldurapi.UserFilter{{ProjectUUID: project}, {CustomerUUID: customer}} {
		if filter == (waldurapi.UserFilter{}) {
			return nil, errors.New("the project or customer is not known")
		}
		people, err := s.client.Users.List(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, user := range people {
			seen = append(seen, user.UUID)
		}
	}
	if len(seen) == 0 {
		return nil, nil
	}
	return without(wanted, seen), nil
}

// byFilter returns the only user that a filter with a username or an e-mail address finds. Waldur
// looks for a part of the address; here the whole address counts, in any case.
func (s users) byFilter(ctx context.Context, f waldurapi.UserFilter) (*waldurapi.User, error) {
	found, err := s.client.Users.List(ctx, f)
	if err != nil {
		return nil, err
	}
	wanted := "user with username " + tfkit.Quote(f.Username)
	if f.Email != "" {
		wanted = "user with the e-mail address " + tfkit.Quote(f.Email)
		found = slices.DeleteFunc(found, func(u waldurapi.User) bool { return !strings.EqualFold(u.Email, f.Email) })
		if len(found) == 0 {
			return nil, nothingFound{fmt.Errorf("the %s was not found", wanted)}
		}
	}
	return only(found, wanted, func(u waldurapi.User) string {
		return fmt.Sprintf("%s (username %q, %s)", u.UUID, u.Username, u.FullName)
	})
}
