package inventory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// model is the configuration and the state of the data source.
type model struct {
	Systems   types.Set      `tfsdk:"systems"`
	OlderThan tfkit.Duration `tfsdk:"older_than"`
	UnusedFor tfkit.Duration `tfsdk:"unused_for"`
	Rows      []rowModel     `tfsdk:"rows"`
}

// rowModel is an account or a key.
type rowModel struct {
	System    types.String      `tfsdk:"system"`
	Kind      types.String      `tfsdk:"kind"`
	ID        types.String      `tfsdk:"id"`
	Account   types.String      `tfsdk:"account"`
	Name      types.String      `tfsdk:"name"`
	State     types.String      `tfsdk:"state"`
	Active    types.Bool        `tfsdk:"active"`
	KeyCount  types.Int64       `tfsdk:"key_count"`
	LastUsed  timetypes.RFC3339 `tfsdk:"last_used"`
	Created   timetypes.RFC3339 `tfsdk:"created"`
	Age       tfkit.Duration    `tfsdk:"age"`
	Undecided types.Bool        `tfsdk:"undecided"`
}

// add adds the rows of a system that pass the filters at a time, sorted.
func (m *model) add(system string, rows []tfkit.InventoryRow, now time.Time) {
	sorted := slices.SortedFunc(slices.Values(rows), func(a, b tfkit.InventoryRow) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID), a.Created.Compare(b.Created))
	})
	for _, row := range sorted {
		if passes, undecided := m.judge(row, now); passes {
			m.Rows = append(m.Rows, rowOf(system, row, undecided, now))
		}
	}
}

// judge reports whether a row passes all filters, and whether a filter could not judge the row, which then
// passes that filter.
func (m *model) judge(row tfkit.InventoryRow, now time.Time) (passes, undecided bool) {
	passes = true
	filter := func(value tfkit.Duration, judge func(time.Duration) (decided, yes bool)) {
		if limit, set := tfkit.DurationOf(value); set {
			decided, yes := judge(limit)
			passes, undecided = passes && (yes || !decided), undecided || !decided
		}
	}
	filter(m.OlderThan, func(limit time.Duration) (decided, yes bool) {
		return !row.Created.IsZero(), now.Sub(row.Created) >= limit
	})
	filter(m.UnusedFor, func(limit time.Duration) (decided, yes bool) {
		if row.LastUsed.IsZero() && !row.Created.IsZero() && now.Sub(row.Created) < limit {
			return true, false // it has not existed for so long
		}
		return !row.LastUsed.IsZero(), now.Sub(row.LastUsed) >= limit
	})
	return passes, passes && undecided
}

func rowOf(system string, row tfkit.InventoryRow, undecided bool, now time.Time) rowModel {
	m := rowModel{
		System: types.StringValue(system), Kind: types.StringValue(strings.TrimPrefix(row.Type, "svcacct_"+system+"_")),
		ID: tfkit.StringOrNull(row.ID), Account: tfkit.StringOrNull(row.Account),
		Name: tfkit.StringOrNull(row.Name), State: tfkit.StringOrNull(row.State),
		Active: types.BoolPointerValue(row.Active), KeyCount: types.Int64PointerValue(row.KeyCount),
		LastUsed: timeOrNull(row.LastUsed), Created: timeOrNull(row.Created),
		Undecided: types.BoolValue(undecided),
	}
	if !row.Created.IsZero() {
		hours := max(0, now.Sub(row.Created)) / time.Hour // the clocks of two machines differ
		m.Age.StringValue = types.StringValue(fmt.Sprintf("%dh", hours))
	}
	return m
}

// timeOrNull returns a time without the fraction of a second.
func timeOrNull(at time.Time) timetypes.RFC3339 {
	if at.IsZero() {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(at.UTC().Truncate(time.Second))
}
