package wavefrontsim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

func (c *call) searchServiceAccounts() (simkit.Answer, *problem) { return c.search(kindServiceAccount) }
func (c *call) searchRoles() (simkit.Answer, *problem)           { return c.search(kindRole) }
func (c *call) searchUserGroups() (simkit.Answer, *problem)      { return c.search(kindUserGroup) }

// search is row 26: conditions are combined with AND, the values of one with OR.
func (c *call) search(k kind) (none simkit.Answer, p *problem) {
	o, p := parseOptional(c.body)
	if p != nil {
		return none, p
	}
	offset, limit, p := window(o)
	if p != nil {
		return none, p
	}
	conditions, p := parseConditions(o)
	if p != nil {
		return none, p
	}
	found := slices.DeleteFunc(slices.Clone(c.searchable(k)), func(v record) bool {
		return slices.ContainsFunc(conditions, func(cond condition) bool { return !cond.holds(v) })
	})
	order, p := arrange(o, found)
	if p != nil {
		return none, p
	}
	return wrapped(cut(found, offset, limit, order)), nil
}

func window(o object) (offset, limit int, p *problem) {
	if offset, _, p = member[int](o, "offset"); p != nil {
		return 0, 0, p
	}
	limit, present, p := member[int](o, "limit")
	if p != nil {
		return 0, 0, p
	}
	if !present {
		limit = defaultLimit
	}
	if limit < 1 || limit > maximumLimit {
		return 0, 0, badRequest("limit must be between 1 and %d", maximumLimit)
	}
	if offset < 0 {
		return 0, 0, badRequest("offset must not be negative")
	}
	return offset, limit, nil
}

// arrange sorts in place and tells the order that the answer names.
func arrange(o object, found []record) (record, *problem) {
	sort, present, p := member[object](o, "sort")
	if p != nil || !present {
		return defaultOrder(), p
	}
	field, _, p := member[string](sort, "field")
	if p != nil {
		return nil, p
	}
	ascending, sent, p := member[bool](sort, "ascending")
	if p != nil {
		return nil, p
	}
	if field == "" || !sent {
		return nil, badRequest("sort needs field and ascending")
	}
	slices.SortStableFunc(found, func(a, b record) int {
		if !ascending {
			a, b = b, a
		}
		return compare(a[field], b[field])
	})
	return record{"ascending": ascending, "field": field, "default": false}, nil
}

func compare(a, b any) int {
	if x, y := number(a), number(b); x != y {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(strings.Join(leaves(a), "\x00"), strings.Join(leaves(b), "\x00"))
}

func number(v any) int64 {
	switch n := v.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	}
	return 0
}

// condition is one element of query.
type condition struct {
	key     string
	values  []string
	matches func(have, want string) bool
	negated bool
}

func parseConditions(o object) ([]condition, *problem) {
	sent, _, p := member[[]object](o, "query")
	if p != nil {
		return nil, p
	}
	var all []condition
	for _, one := range sent {
		c, p := parseCondition(one)
		if p != nil {
			return nil, p
		}
		all = append(all, c)
	}
	return all, nil
}

// parseCondition: values beats value.
func parseCondition(o object) (c condition, p *problem) {
	if c.key, _, p = member[string](o, "key"); p != nil {
		return c, p
	}
	value, single, p := member[string](o, "value")
	if p != nil {
		return c, p
	}
	values, p := o.list("values")
	if p != nil {
		return c, p
	}
	method, _, p := member[string](o, "matchingMethod")
	if p != nil {
		return c, p
	}
	if c.negated, _, p = member[bool](o, "negated"); p != nil {
		return c, p
	}
	if c.values = values.values; len(c.values) == 0 && single {
		c.values = []string{value}
	}
	if c.key == "" || len(c.values) == 0 {
		return c, badRequest("A search condition needs key, and value or values")
	}
	c.matches = methods[method]
	if c.matches == nil {
		return c, badRequest("Unknown matchingMethod %s", method)
	}
	return c, nil
}

// methods are the match kinds. EXACT alone heeds the case; the API document leaves open which do.
var methods = map[string]func(have, want string) bool{
	"":         containsFold,
	"CONTAINS": containsFold,
	"STARTSWITH": func(have, want string) bool {
		return strings.HasPrefix(strings.ToLower(have), strings.ToLower(want))
	},
	"EXACT":   func(have, want string) bool { return have == want },
	"TAGPATH": func(have, want string) bool { return have == want || strings.HasPrefix(have, want+".") },
}

func containsFold(have, want string) bool {
	return strings.Contains(strings.ToLower(have), strings.ToLower(want))
}

// holds: a key that the entity lacks matches nothing; these entities have no tags.
func (c condition) holds(v record) bool {
	have := leaves(v[c.key])
	if c.key == "freetext" {
		have = leaves(v)
	}
	hit := slices.ContainsFunc(have, func(h string) bool {
		return slices.ContainsFunc(c.values, func(want string) bool { return c.matches(h, want) })
	})
	return hit != c.negated
}

// leaves are the texts in a value. Of an object in a list only id and name count, as all else in it is not the
// entity's own.
func leaves(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []string:
		return v
	case []record:
		var all []string
		for _, one := range v {
			all = append(all, leaves(one["id"])...)
			all = append(all, leaves(one["name"])...)
			all = append(all, leaves(one["tokenName"])...)
		}
		return all
	case record:
		var all []string
		for _, one := range v {
			all = append(all, leaves(one)...)
		}
		return all
	}
	return []string{fmt.Sprint(v)}
}
