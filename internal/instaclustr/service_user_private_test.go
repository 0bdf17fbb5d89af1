package instaclustr

func TestUserMemory(t *testing.T) {
	made := aServiceUser()
	wantEqual(t, remembered(made, initialKept), userMemory{Creator: []string{"a.smith", "j.doe"}})
	memory := remembered(made, initialRevoked)
	wantEqual(t, memory.doomedTypes(), []string{"MONITORING", "PROVISIONING"})

	now := aServiceUser()
	now.Administrators = []string{"a.smith"}
	now.Keys = []instaclustrapi.Key{{Type: "MONITORING", Tail: "99999"}, {Type: "PROVISIONING", Tail: "22222"}, {Type: "OTHER", Tail: "1"}}
	memory = memory.still(now)
	wantEqual(t, memory, userMemory{Creator: []string{"a.smith"}, Doomed: map[string]string{"PROVISIONING": "22222"}})
	memory.doom(now, []string{"OTHER", "none"})
	wantEqual(t, memory.doomedTypes(), []string{"OTHER", "PROVISIONING"})
}
