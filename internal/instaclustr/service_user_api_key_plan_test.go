package instaclustr

func TestPlanRestriction(t *testing.T) {
	none, unknown := types.SetNull(types.StringType), types.SetUnknown(types.StringType)
	written := tfkit.StringSetOf([]string{"10.0.0.0/8"})
	for name, test := range map[string]struct {
		configured, prior, want types.Set
		writes                  bool
	}{
		"no list":                {types.SetNull(cidrType{}), none, none, false},
		"left out":               {types.SetNull(cidrType{}), written, written, false},
		"another spelling":       {cidrs("10.9.9.9/8"), written, written, false},
		"first after an import":  {cidrs("10.0.0.0/8"), none, written, true},
		"another list":           {cidrs("10.0.0.0/8"), tfkit.StringSetOf([]string{"0.0.0.0/0"}), written, true},
		"not known":              {types.SetUnknown(cidrType{}), written, unknown, true},
		"an element not known":   {types.SetValueMust(cidrType{}, []attr.Value{cidr{StringValue: types.StringUnknown()}}), written, unknown, true},
		"none was in force, yet": {cidrs("10.0.0.0/8"), tfkit.StringSetOf(nil), written, true},
	} {
		m := apiKeyResourceModel{CIDRAllowList: test.configured}
		if got := m.planRestriction(apiKeyResourceModel{EffectiveCIDRAllowList: test.prior}); got != test.writes || !m.EffectiveCIDRAllowList.Equal(test.want) {
			t.Errorf("%s: %t, %s", name, got, m.EffectiveCIDRAllowList)
		}
	}
}
