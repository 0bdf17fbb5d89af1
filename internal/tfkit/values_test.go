package tfkit

import (
	"testing"
	"time"
)

func TestTimeOrNull(t *testing.T) {
	micro := time.Date(2026, time.February, 4, 9, 10, 8, 383795000, time.UTC)
	for name, test := range map[string]struct {
		text string
		want time.Time // zero: null
	}{
		"microseconds, offset": {"2026-02-04T09:10:08.383795+00:00", micro},
		"no fraction":          {"2026-02-04T09:10:08+00:00", micro.Truncate(time.Second)},
		"Z":                    {"2026-02-04T09:10:08.383795Z", micro},
		"another zone":         {"2026-02-04T11:10:08.383795+02:00", micro},
		"empty":                {"", time.Time{}},
		"no offset":            {"2026-02-04T09:10:08.383795", time.Time{}},
		"a date":               {"2026-02-04", time.Time{}},
		"words":                {"yesterday", time.Time{}},
		"no such day":          {"2026-02-30T09:10:08Z", time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := TimeOrNull(test.text)
			if test.want.IsZero() {
				if !got.IsNull() {
					t.Errorf("got %s", got)
				}
				return
			}
			when, diags := got.ValueRFC3339Time()
			if len(diags) > 0 || !when.Equal(test.want) {
				t.Errorf("got %s, %s, want %s", when, texts(diags), test.want)
			}
			if got.ValueString() != test.text {
				t.Errorf("the server's spelling is %q, state has %q", test.text, got.ValueString())
			}
		})
	}
}
