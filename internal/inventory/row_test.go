package inventory

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

var now = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

func duration(text string) (d tfkit.Duration) {
	d.StringValue = tfkit.StringOrNull(text)
	return d
}

func TestJudge(t *testing.T) {
	const dropped, kept, undecided = "dropped", "kept", "undecided"
	for name, test := range map[string]struct {
		olderThan, unusedFor string
		row                  tfkit.InventoryRow
		want                 string
	}{
		"no filter":        {"", "", tfkit.InventoryRow{}, kept},
		"older":            {"1h", "", tfkit.InventoryRow{Created: ago(time.Hour)}, kept},
		"younger":          {"1h", "", tfkit.InventoryRow{Created: ago(time.Hour - 1)}, dropped},
		"of unknown age":   {"1h", "", tfkit.InventoryRow{LastUsed: ago(time.Hour)}, undecided},
		"unused":           {"", "1h", tfkit.InventoryRow{LastUsed: ago(time.Hour)}, kept},
		"used":             {"", "1h", tfkit.InventoryRow{LastUsed: ago(time.Hour - 1)}, dropped},
		"perhaps unused":   {"", "1h", tfkit.InventoryRow{Created: ago(time.Hour)}, undecided},
		"new and unused":   {"", "1h", tfkit.InventoryRow{Created: ago(time.Hour - 1)}, dropped},
		"nothing returned": {"", "1h", tfkit.InventoryRow{}, undecided},
		"older and unused": {
			"2h", "1h", tfkit.InventoryRow{Created: ago(2 * time.Hour), LastUsed: ago(time.Hour)}, kept,
		},
		"older and used": {"2h", "1h", tfkit.InventoryRow{Created: ago(2 * time.Hour), LastUsed: now}, dropped},
		"of unknown age, used": {
			"2h", "1h", tfkit.InventoryRow{LastUsed: now}, dropped,
		},
		"of unknown age, unused": {
			"2h", "1h", tfkit.InventoryRow{LastUsed: ago(time.Hour)}, undecided,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := model{OlderThan: duration(test.olderThan), UnusedFor: duration(test.unusedFor)}
			got := map[[2]bool]string{{}: dropped, {true, false}: kept, {true, true}: undecided}
			passes, open := m.judge(test.row, now)
			if got := got[[2]bool{passes, open}]; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAddRows(t *testing.T) {
	active, count := true, int64(2)
	var m model
	m.add("abc", []tfkit.InventoryRow{
		{Type: "svcacct_abc_key", ID: "b/2", Account: "b", Name: "2", Created: ago(50 * time.Hour / 60)},
		{Type: "svcacct_abc_key", ID: "b/1", Account: "b", Created: ago(-time.Hour)},
		{Type: "svcacct_abc_account", ID: "b", Name: "B", State: "OK", Active: &active, KeyCount: &count,
			LastUsed: ago(time.Second / 2)},
	}, now)
	type shown struct {
		system, kind, id, account, name, state, active, keys, used, created, age, undecided string
	}
	want := []shown{
		{`"abc"`, `"account"`, `"b"`, "<null>", `"B"`, `"OK"`, "true", "2", `"2026-03-01T11:59:59Z"`, "<null>",
			"<null>", "false"},
		{`"abc"`, `"key"`, `"b/1"`, `"b"`, "<null>", "<null>", "<null>", "<null>", "<null>",
			`"2026-03-01T13:00:00Z"`, `"0h"`, "false"},
		{`"abc"`, `"key"`, `"b/2"`, `"b"`, `"2"`, "<null>", "<null>", "<null>", "<null>",
			`"2026-03-01T11:10:00Z"`, `"0h"`, "false"},
	}
	if len(m.Rows) != len(want) {
		t.Fatalf("got %d rows", len(m.Rows))
	}
	for i, r := range m.Rows {
		got := shown{
			r.System.String(), r.Kind.String(), r.ID.String(), r.Account.String(), r.Name.String(), r.State.String(),
			r.Active.String(), r.KeyCount.String(), r.LastUsed.String(), r.Created.String(), r.Age.String(),
			r.Undecided.String(),
		}
		if got != want[i] {
			t.Errorf("got  %v\nwant %v", got, want[i])
		}
	}
	old := model{Systems: types.SetNull(types.StringType)}
	old.add("abc", []tfkit.InventoryRow{{Created: ago(2160*time.Hour + 59*time.Minute)}}, now)
	if got := old.Rows[0].Age.ValueString(); got != "2160h" {
		t.Errorf("age %s", got)
	}
}
