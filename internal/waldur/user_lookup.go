package waldur

import (
	"context"
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

// byFilter returns the only user that a filter with a username or an e-mail address finds. Waldur
// looks for a part of the address; here the whole address counts, in any case.
func (s users) byFilter(ctx context.Context, f waldurapi.UserFilter) (*waldurapi.User, error) {
	found, err := s.client.Users.List(ctx, f)
	if err != nil {
		return nil, err
	}
	wanted := fmt.Sprintf("user with username %q", f.Username)
	if f.Email != "" {
		wanted = fmt.Sprintf("user with the e-mail address %q", f.Email)
		found = slices.DeleteFunc(found, func(u waldurapi.User) bool { return !strings.EqualFold(u.Email, f.Email) })
	}
	return tfkit.Only(found, wanted, "uuid", func(u waldurapi.User) string {
		return fmt.Sprintf("%s (username %q, %s)", u.UUID, u.Username, u.FullName)
	})
}
