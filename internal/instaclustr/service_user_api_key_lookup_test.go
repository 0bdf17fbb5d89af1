package instaclustr

func TestKeyIsReadTwiceBeforeItIsGone(t *testing.T) {
	for name, test := range map[string]struct {
		steps []step
		found bool
		words []string
	}{
		"there":                    {[]step{{"GET /ci", 200, told("ci", "OWNER", "MONITORING")}}, true, nil},
		"there, says the list":     {[]step{{"GET /ci", 200, told("ci", "OWNER")}, {"GET", 200, "[" + told("ci", "OWNER", "MONITORING") + "]"}}, true, nil},
		"nowhere":                  {[]step{{"GET /ci", 200, told("ci", "OWNER", "OTHER")}, {"GET", 200, "[" + told("ci", "OWNER") + "]"}}, false, nil},
		"the list lacks the user":  {[]step{{"GET /ci", 200, told("ci", "OWNER")}, {"GET", 200, "[]"}}, false, []string{"It is not in the list of service users either"}},
		"the user is not there":    {[]step{{"GET /ci", 404, absentUser}, {"GET", 200, "[]"}}, false, []string{"terraform state rm"}},
		"the user may not be seen": {[]step{{"GET /ci", 403, `{"message": "no"}`}}, false, []string{"403 Forbidden: no"}},
	} {
		t.Run(name, func(t *testing.T) {
			key, err := scripted(t, test.steps...).key(t.Context(), "ci", "MONITORING")
			wantError(t, err, test.words...)
			if (key != nil) != test.found {
				t.Errorf("the key is %+v", key)
			}
		})
	}
}

func TestRevoke(t *testing.T) {
	gone, left := told("ci", "OWNER"), told("ci", "OWNER", "A", "B")
	const first, second = `DELETE /ci/api-keys {"apiKeyType":"A"}`, `DELETE /ci/api-keys {"apiKeyType":"B"}`
	for name, test := range map[string]struct {
		steps []step
		words []string
	}{
		"done":                       {[]step{{first, 200, ""}, {second, 204, ""}, {"GET /ci", 200, gone}}, nil},
		"refused, but gone":          {[]step{{first, 400, `{"apiKeyType": "there is none"}`}, {second, 200, ""}, {"GET /ci", 200, gone}}, nil},
		"answered, but not done":     {[]step{{first, 200, ""}, {second, 200, ""}, {"GET /ci", 200, left}}, []string{"reported no failure, but the user still has keys of the types A, B"}},
		"refused":                    {[]step{{first, 200, ""}, {second, 403, `{"message": "no"}`}, {"GET /ci", 200, told("ci", "OWNER", "B")}}, []string{"keys of the types B are still there", "403 Forbidden: no"}},
		"not known":                  {[]step{{first, 403, `{"message": "no"}`}, {second, 200, ""}, {"GET /ci", 401, ""}}, []string{"403 Forbidden: no", "401 Unauthorized"}},
		"the user is gone from view": {[]step{{first, 404, absentUser}, {second, 404, absentUser}, {"GET /ci", 404, absentUser}, {"GET", 200, "[]"}}, []string{"It is not in the list"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scripted(t, test.steps...).revoke(t.Context(), "ci", []string{"A", "B"})
			wantError(t, err, test.words...)
		})
	}
}

func TestIssue(t *testing.T) {
	none, there := step{"GET /ci", 200, told("ci", "OWNER")}, step{"GET /ci", 200, told("ci", "OWNER", "MONITORING")}
	noneListed := step{"GET", 200, "[" + told("ci", "OWNER") + "]"}
	const generate, rotate = `POST /ci/api-keys {"apiKeyType":"MONITORING"}`, `POST /ci/api-keys/MONITORING/rotate`
	exists := step{generate, 400, `{"apiKeyType": "exists"}`}
	for name, test := range map[string]struct {
		adopt   bool
		steps   []step
		words   []string
		unknown bool
	}{
		"made":                                {false, []step{none, {generate, 201, issuedKey}}, nil, false},
		"exists":                              {false, []step{there}, []string{errExists.Error()}, false},
		"adopted":                             {true, []step{there, {rotate, 200, issuedKey}}, nil, false},
		"nothing to adopt":                    {true, []step{none, {generate, 200, issuedKey}}, nil, false},
		"not allowed":                         {false, []step{{"GET /ci", 200, strings.Replace(told("ci", "OWNER"), `"MONITORING"`, `"OTHER"`, 1)}}, []string{"the role OWNER of ci allows no API key of type MONITORING"}, false},
		"refused":                             {false, []step{none, {generate, 400, `{"apiKeyType": "not allowed"}`}}, []string{"not allowed"}, false},
		"not to be read":                      {false, []step{{"GET /ci", 503, ""}}, []string{"503"}, false},
		"adopted, and lost":                   {true, []step{there, {rotate, 0, ""}}, []string{errUnknown.Error()}, true},
		"adopted, and refused":                {true, []step{there, {rotate, 403, ""}}, []string{"403"}, false},
		"lost, made, and lost again":          {false, []step{none, {generate, 0, ""}, there, {rotate, 502, ""}}, []string{errUnknown.Error()}, true},
		"no user":                             {false, []step{{"GET /ci", 404, absentUser}, {"GET", 200, "[]"}}, []string{"It is not in the list"}, false},
		"lost, and made":                      {false, []step{none, {generate, 0, ""}, there, {rotate, 200, issuedKey}}, nil, false},
		"lost, and made again":                {false, []step{none, {generate, 0, ""}, none, noneListed, {generate, 200, issuedKey}}, nil, false},
		"lost, and made late":                 {false, []step{none, {generate, 0, ""}, none, noneListed, exists, there, {rotate, 200, issuedKey}}, nil, false},
		"lost, and not to be found out":       {false, []step{none, {generate, 0, ""}, {"GET /ci", 403, ""}}, []string{"Whether the key was made is not known"}, true},
		"lost again and again":                {false, []step{none, {generate, 0, ""}, none, noneListed, {generate, 0, ""}, none, noneListed, {generate, 0, ""}}, []string{"POST /v1/service-users/ci/api-keys"}, true},
		"lost, and refused for another cause": {false, []step{none, {generate, 0, ""}, none, noneListed, {generate, 403, ""}}, []string{"403 Forbidden"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			issued, err := scripted(t, test.steps...).issue(t.Context(), "ci", "MONITORING", test.adopt)
			wantError(t, err, test.words...)
			if (issued == nil) != (err != nil) || errors.Is(err, errUnknown) != test.unknown {
				t.Errorf("issued %v, unknown %t", issued, errors.Is(err, errUnknown))
			}
		})
	}
}
