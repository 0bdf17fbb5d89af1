package wavefrontapi

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// page answers a search with the items from an offset on, no more than size.
func page(items []string, offset, size int) step {
	objects := []string{}
	for _, id := range items[offset:min(offset+size, len(items))] {
		objects = append(objects, fmt.Sprintf(`{"id":%q}`, id))
	}
	return good(fmt.Sprintf(`{"items":[%s],"offset":%d,"moreItems":%t}`, strings.Join(objects, ","), offset, offset+size < len(items)))
}

// numbered returns the ids "1" to "n".
func numbered(n int) []string {
	ids := []string{}
	for i := range n {
		ids = append(ids, fmt.Sprint(i+1))
	}
	return ids
}

func idsOf(roles []Role) []string {
	ids := []string{}
	for _, role := range roles {
		ids = append(ids, role.ID)
	}
	return ids
}

func TestSearchPages(t *testing.T) {
	for name, test := range map[string]struct {
		items, size int // all there are, and the server's own largest page
		offsets     []int
	}{
		"none":                      {0, 1000, []int{0}},
		"one":                       {1, 1000, []int{0}},
		"a full page":               {1000, 1000, []int{0}},
		"one more":                  {1001, 1000, []int{0, 1000}},
		"three pages":               {2500, 1000, []int{0, 1000, 2000}},
		"a server of smaller pages": {250, 100, []int{0, 100, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			items := numbered(test.items)
			s, want := serve(t), []string{}
			for _, offset := range test.offsets {
				want = append(want, fmt.Sprintf(`POST /api/v2/search/role {"limit":1000,"offset":%d,"query":[{"key":"name","values":["ci"],"matchingMethod":"EXACT"}]}`, offset))
				s.steps = append(s.steps, page(items, offset, test.size))
			}
			got, err := s.client(t).Roles.ByName(t.Context(), "ci")
			if err != nil || !slices.Equal(idsOf(got), items) {
				t.Errorf("got %d items, %v", len(got), err)
			}
			s.wantSent(t, want...)
		})
	}
}

func TestSearchAnswers(t *testing.T) {
	const first = `{"items":[{"id":"1"}],"moreItems":true}`
	for name, test := range map[string]struct {
		steps []step
		want  []string // nil: an error
		sends int
	}{
		"no items":                             {[]step{good(`{"items":[],"moreItems":false}`)}, []string{}, 1},
		"null items":                           {[]step{good(`{"items":null}`)}, []string{}, 1},
		"missing items":                        {[]step{good(`{}`)}, []string{}, 1},
		"bare":                                 {[]step{answer(200, `{"items":[{"id":"1"}]}`)}, []string{"1"}, 1},
		"more is said, and nothing is left":    {[]step{good(first), good(`{"items":[],"moreItems":true}`)}, []string{"1"}, 2},
		"a number for what there is in all":    {[]step{good(`{"items":[{"id":"1"}],"totalItems":7,"moreItems":false,"cursor":"x"}`)}, []string{"1"}, 1},
		"the second page is refused":           {[]step{good(first), answer(403, `{"message":"no"}`)}, nil, 2},
		"the second page is an ERROR":          {[]step{good(first), answer(200, `{"status":{"result":"ERROR","message":"no","code":400}}`)}, nil, 2},
		"the second page has no response":      {[]step{good(first), good(`null`)}, nil, 2},
		"the second page breaks off once":      {[]step{good(first), cut, good(`{"items":[{"id":"2"}]}`)}, []string{"1", "2"}, 3},
		"a list where a page should be":        {[]step{good(`[{"id":"1"}]`)}, nil, 1},
		"the second page is throttled at once": {[]step{good(first), answer(406, ""), good(`{"items":[{"id":"2"}]}`)}, []string{"1", "2"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, test.steps...)
			got, err := s.client(t).Roles.ByName(t.Context(), "ci")
			s.wantSends(t, test.sends)
			if test.want == nil {
				if err == nil || got != nil {
					t.Errorf("got %v, %v", got, err)
				}
				return
			}
			if err != nil || got == nil || !slices.Equal(idsOf(got), test.want) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestSearchConditions(t *testing.T) {
	const start, end = `{"limit":1000,"offset":0,"query":[`, `]}`
	for name, test := range map[string]struct {
		conditions []Condition
		want       string
	}{
		"one":          {[]Condition{{Key: "identifier", Values: []string{"ci"}}}, `{"key":"identifier","values":["ci"]}`},
		"all members":  {[]Condition{{"description", []string{"a", "b"}, StartsWith, true}}, `{"key":"description","values":["a","b"],"matchingMethod":"STARTSWITH","negated":true}`},
		"contains":     {[]Condition{{Key: "k", Values: []string{"v"}, MatchingMethod: Contains}}, `{"key":"k","values":["v"],"matchingMethod":"CONTAINS"}`},
		"odd texts":    {[]Condition{{Key: "k", Values: []string{`"<&>`}}}, `{"key":"k","values":["\"<&>"]}`},
		"two, in turn": {[]Condition{{Key: "b", Values: []string{"1"}}, {Key: "a", Values: []string{"2"}}}, `{"key":"b","values":["1"]},{"key":"a","values":["2"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, good(`{"items":[{"identifier":"sa::ci"}]}`))
			got, err := s.client(t).ServiceAccounts.Search(t.Context(), test.conditions)
			if err != nil || len(got) != 1 || got[0].Identifier != "sa::ci" {
				t.Errorf("got %v, %v", got, err)
			}
			s.wantSent(t, "POST /api/v2/search/serviceaccount "+start+test.want+end)
		})
	}
}

func TestByName(t *testing.T) {
	const query = ` {"limit":1000,"offset":0,"query":[{"key":"name","values":["a \"b\""],"matchingMethod":"EXACT"}]}`
	s := serve(t, good(`{"items":[{"id":"1","name":"x"},{"id":"2","name":"y"}]}`))
	roles, err := s.client(t).Roles.ByName(t.Context(), `a "b"`)
	if err != nil || len(roles) != 2 || roles[1].Name != "y" {
		t.Errorf("roles %+v, %v", roles, err)
	}
	groups, err := s.client(t).UserGroups.ByName(t.Context(), `a "b"`)
	if err != nil || len(groups) != 2 || groups[1].ID != "2" {
		t.Errorf("groups %+v, %v", groups, err)
	}
	s.wantSent(t, "POST /api/v2/search/role"+query, "POST /api/v2/search/usergroup"+query)
}

// A server or cache that ignores "offset" is not asked for further pages without end.
func TestSearchWithoutEnd(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	s := serve(t, good(`{"items":[{"id":"1"}],"moreItems":true}`))
	_, err := s.client(t).Roles.ByName(ctx, "ci")
	if ctx.Err() != nil {
		t.Errorf("still reading after %d pages: %v", len(s.sent), err)
	}
}
