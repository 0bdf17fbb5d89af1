package instaclustr

func TestHints(t *testing.T) {
	hint := func(status int, body string) string {
		s := scripted(t, step{"GET /ci", status, body})
		_, err := s.client.ServiceUsers.Get(t.Context(), "ci")
		return hintOn(err, "first")
	}
	for name, test := range map[string]struct {
		status int
		body   string
		words  string
	}{
		"401":           {401, "", "IC_USERNAME and IC_API_KEY"},
		"401, kind":     {401, "", whose},
		"403":           {403, `{"message": "no"}`, "must be an administrator of the service user"},
		"403, kind":     {403, `{"message": "no"}`, whose},
		"a lost body":   {400, `{"resource": "resource cannot be null."}`, "let requests to Instaclustr pass around the proxy"},
		"anything else": {400, `{"username": "no"}`, "first"},
	} {
		if got := hint(test.status, test.body); !strings.HasPrefix(got, "first") || !strings.Contains(got, test.words) {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := createHints(errExists, "ci/X"); len(got) != 2 || !strings.Contains(got[0], `id = "ci/X"`) {
		t.Errorf("%q", got)
	}
	if hints := slices.Concat(createHints(errors.New("x"), "ci/X"), openHints(errors.New("x")), rotateHints(errors.New("x"))); len(hints) > 0 {
		t.Errorf("%q", hints)
	}
	if len(openHints(fmt.Errorf("wrapped: %w", errExists))) != 1 {
		t.Error("no hint on a key that exists")
	}
}
