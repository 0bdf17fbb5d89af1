package wavefrontsim

import (
	"net/http"
	"strconv"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func (c *call) listRoles() (simkit.Answer, *problem) {
	return listPage(c, views(c.store.roles, c.roleView))
}

func (c *call) readRole() (none simkit.Answer, p *problem) {
	r := c.store.role(c.parameters["id"])
	if r == nil {
		return none, refuse(http.StatusNotFound, "Role %s does not exist", c.parameters["id"])
	}
	return wrapped(c.fullRoleView(r)), nil
}

func (c *call) listUserGroups() (simkit.Answer, *problem) {
	return listPage(c, views(c.store.groups, c.listedGroupView))
}

func (c *call) readUserGroup() (none simkit.Answer, p *problem) {
	g := c.store.group(c.parameters["id"])
	if g == nil {
		return none, refuse(http.StatusNotFound, "User group %s does not exist", c.parameters["id"])
	}
	return wrapped(c.fullGroupView(g)), nil
}

const (
	defaultLimit = 100
	maximumLimit = 1000
)

// listPage cuts the page that the query asks for. The API document has no upper limit for lists, so there is none.
func listPage(c *call, all []record) (none simkit.Answer, p *problem) {
	offset, p := c.number("offset", 0)
	if p != nil {
		return none, p
	}
	limit, p := c.number("limit", defaultLimit)
	if p != nil {
		return none, p
	}
	if limit < 1 || offset < 0 {
		return none, badRequest("Invalid offset or limit")
	}
	return wrapped(cut(all, offset, limit, defaultOrder())), nil
}

func (c *call) number(key string, otherwise int) (int, *problem) {
	text := c.request.URL.Query().Get(key)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, badRequest("Invalid value of %s", key)
	}
	return int(n), nil
}

func defaultOrder() record { return record{"ascending": false, "field": "default", "default": true} }

// cut makes a page. There is no cursor member: the next page is at offset + limit while moreItems.
func cut(all []record, offset, limit int, order record) record {
	start := min(offset, len(all))
	end := min(start+limit, len(all))
	return record{
		"items": all[start:end], "offset": offset, "limit": limit,
		"totalItems": len(all), "moreItems": end < len(all), "sort": order,
	}
}
