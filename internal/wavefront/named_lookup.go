package wavefront

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// named are all requests about objects that are found by their id or by their name.
type named[T any] struct {
	thing    string // as errors name it
	get      func(ctx context.Context, id string) (*T, error)
	byName   func(ctx context.Context, name string) ([]T, error)
	describe func(T) (name, candidate string) // candidate is a line in an error that lists several objects
}

func roles(client *client) named[wavefrontapi.Role] {
	return named[wavefrontapi.Role]{
		"role", client.Roles.Get, client.Roles.ByName,
		func(r wavefrontapi.Role) (name, candidate string) { return r.Name, r.ID },
	}
}

func userGroups(client *client) named[wavefrontapi.UserGroup] {
	return named[wavefrontapi.UserGroup]{
		"user group", client.UserGroups.Get, client.UserGroups.ByName,
		func(g wavefrontapi.UserGroup) (name, candidate string) {
			if g.UserCount == nil {
				return g.Name, g.ID
			}
			return g.Name, fmt.Sprintf("%s (%d accounts)", g.ID, *g.UserCount)
		},
	}
}

// find returns the object with an id or, if that is null, the only object with a name.
func (n named[T]) find(ctx context.Context, id, name types.String) (*T, error) {
	if !id.IsNull() {
		return n.get(ctx, id.ValueString())
	}
	found, err := n.byName(ctx, name.ValueString())
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(one T) bool { // a search may find more than it was asked for
		got, _ := n.describe(one)
		return got != name.ValueString()
	})
	return tfkit.Only(found, fmt.Sprintf("%s named %s", n.thing, name), "id", func(one T) string {
		_, candidate := n.describe(one)
		return candidate
	})
}
