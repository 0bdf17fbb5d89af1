package wavefrontsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

const (
	defaultLimit = 100
	maximumLimit = 1000
)

// kind is a sort of entities that can be searched.
type kind int

const (
	kindServiceAccount kind = iota
	kindRole
	kindUserGroup
)

func (s *Sim) documents(k kind) []record {
	switch k {
	case kindServiceAccount:
		return views(s.store.serviceAccounts(), s.serviceAccountView)
	case kindRole:
		return views(s.store.roles, roleView)
	}
	return views(s.store.groups, s.foundGroupView)
}

// search is row 26. It ignores a sort: no client here sends a sort.
func search(k kind) func(*call) simkit.Response {
	return func(c *call) simkit.Response {
		o, p := parseOptional(c.body)
		if p != nil {
			return *p
		}
		offset, limit, query := 0, defaultLimit, []simkit.Object{}
		if p := (members{"offset": &offset, "limit": &limit, "query": &query}).read(o); p != nil {
			return *p
		}
		if limit < 1 || limit > maximumLimit || offset < 0 {
			return *badRequest("limit must be between 1 and %d, and offset not negative", maximumLimit)
		}
		found := c.searchable(k)
		for _, one := range query {
			holds, p := parseCondition(one)
			if p != nil {
				return *p
			}
			found = slices.DeleteFunc(slices.Clone(found), func(v record) bool { return !holds(v) })
		}
		return wrapped(page(found, offset, limit))
	}
}

// page has no cursor: the next page is at offset + limit while there are moreItems.
func page(all []record, offset, limit int) record {
	start := min(offset, len(all))
	end := min(start+limit, len(all))
	return record{
		"items": all[start:end], "offset": offset, "limit": limit, "totalItems": len(all), "moreItems": end < len(all),
		"sort": record{"ascending": false, "field": "default", "default": true},
	}
}

// parseCondition returns a function that reports whether an entity fulfils one condition: any of
// its values matches. A key that the entity lacks matches nothing.
func parseCondition(o simkit.Object) (holds func(record) bool, p *simkit.Response) {
	var key, value, method string
	var values []string
	var negated bool
	p = members{
		"key": &key, "value": &value, "values": &values, "matchingMethod": &method, "negated": &negated,
	}.read(o)
	if p != nil {
		return nil, p
	}
	if len(values) == 0 && o.Has("value") {
		values = []string{value}
	}
	matches := methods[method]
	if matches == nil || key == "" || len(values) == 0 {
		return nil, badRequest("A condition needs key, value or values, and a known matchingMethod")
	}
	return func(v record) bool {
		hit := slices.ContainsFunc(leaves(v[key]), func(have string) bool {
			return slices.ContainsFunc(values, func(want string) bool { return matches(have, want) })
		})
		return hit != negated
	}, nil
}

// methods are the match kinds. Only EXACT distinguishes upper and lower case; the API document
// leaves open which do.
var methods = map[string]func(have, want string) bool{
	"":         containsFold,
	"CONTAINS": containsFold,
	"STARTSWITH": func(have, want string) bool {
		return strings.HasPrefix(strings.ToLower(have), strings.ToLower(want))
	},
	"EXACT": func(have, want string) bool { return have == want },
}

func containsFold(have, want string) bool {
	return strings.Contains(strings.ToLower(have), strings.ToLower(want))
}

// leaves are the texts in a value: of an object in a list its id and its name. A token has neither.
func leaves(v any) (all []string) {
	switch v := v.(type) {
	case nil:
		return nil
	case []string:
		return v
	case []record:
		for _, one := range v {
			all = append(all, leaves(one["id"])...)
			all = append(all, leaves(one["name"])...)
		}
		return all
	}
	return []string{fmt.Sprint(v)}
}

func (c *call) readRole() simkit.Response {
	r := c.store.role(c.request.PathValue("id"))
	if r == nil {
		return *refuse(http.StatusNotFound, "Role %s does not exist", c.request.PathValue("id"))
	}
	return wrapped(roleView(r))
}

func (c *call) readUserGroup() simkit.Response {
	g := c.store.group(c.request.PathValue("id"))
	if g == nil {
		return *refuse(http.StatusNotFound, "User group %s does not exist", c.request.PathValue("id"))
	}
	return wrapped(c.groupView(g))
}
