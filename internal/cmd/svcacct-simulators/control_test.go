package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestControlRequests(t *testing.T) {
	c := start(t)
	c.wavefrontStatus("")
	c.wavefrontStatus("/sa::none")
	c.send(http.MethodGet, c.variables["IC_API_URL"]+"/v1/service-users", "")
	wavefront := []shownRequest{
		{"wavefront", http.MethodGet, accountsPath, 200},
		{"wavefront", http.MethodGet, accountsPath + "/sa::none", 404},
	}
	both := append(slices.Clone(wavefront), shownRequest{"instaclustr", http.MethodGet, "/v1/service-users", 401})
	for query, want := range map[string][]shownRequest{
		"": both, "?system=": both, "?system=wavefront": wavefront, "?system=waldur": {},
	} {
		if got := c.requests(query); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", query, got, want)
		}
	}
	c.control(http.MethodDelete, "/requests?system=wavefront", "", nil)
	if got := c.requests(""); !slices.Equal(got, both[2:]) {
		t.Errorf("without those of Wavefront: got %v", got)
	}
	c.control(http.MethodDelete, "/requests", "", nil)
	if got := c.requests(""); got == nil || len(got) > 0 {
		t.Errorf("without all: got %v, want an empty list", got)
	}
}

// TestControlBooks changes an account through the API, and finds the change in the books.
func TestControlBooks(t *testing.T) {
	c := start(t, "-accounts=2")
	const account = "/sa::account-000001"
	c.wavefront(http.MethodPost, "/api/v2/apitoken/serviceaccount"+account, `{"tokenName":"second"}`)
	keys := func() map[string]bool {
		var all []shownKey
		c.control(http.MethodGet, "/keys?system=wavefront", "", &all)
		alive := map[string]bool{}
		for _, k := range all {
			alive[strings.Join([]string{k.System, k.Account, k.Name}, " ")] = k.Alive
			if k.Secret == "" {
				t.Errorf("%s %s has no key", k.Account, k.Name)
			}
		}
		return alive
	}
	first, second := "wavefront sa::account-000001 token", "wavefront sa::account-000001 second"
	if got := keys(); len(got) != 3 || !got[first] || !got[second] || !got["wavefront sa::account-000002 token"] {
		t.Errorf("keys: %v", got)
	}
	c.wavefront(http.MethodDelete, "/api/v2/account"+account, "")
	if got := keys(); len(got) != 3 || got[first] || got[second] {
		t.Errorf("keys after the delete: %v", got)
	}

	count := map[string]int{}
	var objects []shownObject
	c.control(http.MethodGet, "/objects", "", &objects)
	for _, o := range objects {
		count[o.System+" "+o.Kind]++
		if strings.HasSuffix(o.Kind, "_service_account") && o.Object["token"] == nil {
			t.Errorf("no key in %v", o.Object)
		}
	}
	for kind, want := range map[string]int{
		"waldur customer": 2, "waldur project": 1, "waldur resource": 2, "waldur user": 2,
		"waldur customer_service_account": 3, "waldur project_service_account": 2, "waldur robot_account": 2,
		"wavefront service_account": 2, "wavefront role": 1, "wavefront user_group": 2,
		"instaclustr service_user": 3, "instaclustr api_key": 3,
	} {
		if count[kind] != want {
			t.Errorf("%s: %d, want %d", kind, count[kind], want)
		}
		delete(count, kind)
	}
	if len(count) > 0 {
		t.Errorf("other objects: %v", count)
	}
}

// TestControlClock moves the clock beyond the end of the keys of Waldur, which live for 30 days.
func TestControlClock(t *testing.T) {
	c := start(t, "-accounts=1")
	alive := func() (count int) {
		var all []shownKey
		c.control(http.MethodGet, "/keys?system=waldur", "", &all)
		for _, k := range all {
			if k.Alive {
				count++
			}
		}
		return count
	}
	for _, step := range []struct {
		body  string
		alive int
	}{{`{"advance":"480h"}`, 3}, {`{"advance":"239h"}`, 3}, {`{"advance":"1h"}`, 0}} {
		c.control(http.MethodPost, "/clock", step.body, nil)
		if got := alive(); got != step.alive {
			t.Errorf("after %s: %d keys work, want %d", step.body, got, step.alive)
		}
	}
}

func TestControlFaults(t *testing.T) {
	const (
		all    = ""
		one    = "/sa::legacy"
		limit  = `{"status":429,"skip":2,"window":"1h","times":-1}`
		second = `{"status":502,"skip":1,"path":"/**/sa::*"}`
	)
	for name, test := range map[string]struct {
		fault string
		reads []string // of all accounts, or of one
		want  []int    // status
	}{
		"once":             {`{"system":"wavefront","status":503}`, []string{all, all}, []int{503, 200}},
		"twice, any":       {`{"status":503,"times":2}`, []string{all, one, all}, []int{503, 503, 200}},
		"for ever":         {`{"status":500,"times":-1}`, []string{all, one, all, all}, []int{500, 500, 500, 500}},
		"skip":             {`{"status":502,"skip":2}`, []string{all, all, all, all}, []int{200, 200, 502, 200}},
		"skip of matches":  {second, []string{all, one, all, one}, []int{200, 200, 200, 502}},
		"path":             {`{"status":404,"path":"` + accountsPath + `/*"}`, []string{all, one}, []int{200, 404}},
		"path of one":      {`{"status":404,"path":"/api/v?/account/*"}`, []string{one, all}, []int{200, 404}},
		"any path":         {`{"status":404,"path":"*"}`, []string{one, all}, []int{404, 200}},
		"method":           {`{"method":"GET","status":403}`, []string{all}, []int{403}},
		"another method":   {`{"method":"POST","status":403}`, []string{all}, []int{200}},
		"another system":   {`{"system":"waldur","status":403}`, []string{all}, []int{200}},
		"dropped before":   {`{"drop":"before"}`, []string{all, all}, []int{0, 200}},
		"dropped after":    {`{"drop":"after"}`, []string{all, all}, []int{0, 200}},
		"a rate limit":     {limit, []string{all, all, all, all}, []int{200, 200, 429, 429}},
		"nothing else set": {`{"status":503,"drop":"","delay":"","body":"","header":null}`, []string{all}, []int{503}},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t)
			c.control(http.MethodPost, "/faults", test.fault, nil)
			var got, recorded []int
			for _, path := range test.reads {
				got = append(got, c.wavefrontStatus(path))
			}
			for _, r := range c.requests("") {
				recorded = append(recorded, r.Status)
			}
			if !slices.Equal(got, test.want) || !slices.Equal(recorded, test.want) {
				t.Errorf("got %v, recorded %v, want %v", got, recorded, test.want)
			}
		})
	}
}

func TestControlFaultResponse(t *testing.T) {
	c := start(t)
	c.control(http.MethodPost, "/faults",
		`{"status":429,"body":"{\"slow\":1}","header":{"retry-after":"7"},"delay":"30ms","times":-1}`, nil)
	begun := time.Now()
	r := c.wavefront(http.MethodGet, accountsPath, "")
	if r.status != 429 || r.body != `{"slow":1}` || r.header.Get("Retry-After") != "7" {
		t.Errorf("got %v", r)
	}
	if took := time.Since(begun); took < 30*time.Millisecond {
		t.Errorf("it took %s", took)
	}
	c.control(http.MethodDelete, "/faults?system=waldur", "", nil)
	if got := c.wavefrontStatus(""); got != 429 {
		t.Errorf("after the faults of another system were removed: %d", got)
	}
	c.control(http.MethodDelete, "/faults", "", nil)
	if got := c.wavefrontStatus(""); got != 200 {
		t.Errorf("after all faults were removed: %d", got)
	}
}

// TestControlFaultWork shows which faults let the server do the work of a create.
func TestControlFaultWork(t *testing.T) {
	for name, test := range map[string]struct {
		fault   string
		giveUp  bool
		created bool
	}{
		"before":                   {`{"drop":"before"}`, false, false},
		"after":                    {`{"drop":"after"}`, false, true},
		"refused":                  {`{"status":500}`, false, false},
		"client gone":              {`{"delay":"300ms"}`, true, false},
		"client gone, done late":   {`{"delay":"300ms","drop":"after"}`, true, true},
		"client gone, before work": {`{"delay":"300ms","drop":"before"}`, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t)
			c.control(http.MethodPost, "/faults", test.fault, nil)
			if test.giveUp {
				c.timeout = 100 * time.Millisecond
			}
			c.wavefront(http.MethodPost, accountsPath, `{"identifier":"sa::new","active":true}`)
			c.timeout = 0
			for len(c.requests("")) == 0 {
				time.Sleep(10 * time.Millisecond) // the server still works on it
			}
			if created := c.wavefrontStatus("/sa::new") == 200; created != test.created {
				t.Errorf("created: %t", created)
			}
		})
	}
}

func TestControlRefuses(t *testing.T) {
	c := start(t)
	for request, want := range map[string]string{
		"GET /requests?system=aws":                      `no system \"aws\"`,
		"GET /keys?sys=waldur":                          `unknown parameter \"sys\"`,
		"GET /objects?system=Waldur":                    "there are waldur, wavefront and instaclustr",
		"DELETE /requests?system=x":                     "no system",
		"DELETE /faults?system=x":                       "no system",
		"POST /faults":                                  "the body: EOF",
		"POST /faults {":                                "the body: unexpected EOF",
		"POST /faults []":                               "cannot unmarshal array",
		"POST /faults {}":                               "needs a Status, a Delay, a Drop",
		`POST /faults {"status":500}{}`:                 "text after the object",
		`POST /faults {"status":500,"operation":"x"}`:   `unknown field \"operation\"`,
		`POST /faults {"status":500,"system":"x"}`:      `no system \"x\"`,
		`POST /faults {"status":500,"method":"get"}`:    "none of GET, POST, PUT, PATCH, DELETE",
		`POST /faults {"status":500,"path":"api"}`:      "must begin with / or **",
		`POST /faults {"status":99}`:                    "from 200 to 599",
		`POST /faults {"status":600}`:                   "from 200 to 599",
		`POST /faults {"status":"500"}`:                 "cannot unmarshal string",
		`POST /faults {"status":500,"drop":"after"}`:    "a dropped connection has no Status",
		`POST /faults {"drop":"later"}`:                 `there are \"before\" and \"after\"`,
		`POST /faults {"drop":"after","body":"x"}`:      `need a \"status\"`,
		`POST /faults {"delay":"1s","header":{"a":""}}`: `need a \"status\"`,
		`POST /faults {"delay":"soon"}`:                 `is not a time such as`,
		`POST /faults {"delay":20}`:                     `is not a time such as`,
		`POST /faults {"delay":"-1s"}`:                  `is not a time such as`,
		`POST /faults {"status":500,"skip":-1}`:         "must not be negative",
		`POST /faults {"status":500,"window":"-1m"}`:    "is not a time",
		`POST /faults {"status":500,"times":-2}`:        "-1 for ever",
		"POST /clock {}":                                `\"advance\" must be a time`,
		`POST /clock {"advance":"-1h"}`:                 `is not a time such as`,
		`POST /clock {"advance":"1h","system":"x"}`:     `unknown field \"system\"`,
	} {
		method, rest, _ := strings.Cut(request, " ")
		path, body, _ := strings.Cut(rest, " ")
		r := c.send(method, c.variables[controlVariable]+path, body)
		if r.status != 400 || !strings.HasPrefix(r.body, `{"error":"`) || !strings.Contains(r.body, want) ||
			r.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s, want %s", request, r.status, r.body, want)
		}
	}
	for request, want := range map[string]int{"GET /": 404, "GET /faults": 405, "PUT /clock": 405, "POST /keys": 405} {
		method, path, _ := strings.Cut(request, " ")
		if r := c.send(method, c.variables[controlVariable]+path, ""); r.status != want {
			t.Errorf("%s: %d, want %d", request, r.status, want)
		}
	}
	if got := c.wavefrontStatus(""); got != 200 {
		t.Errorf("a refused fault acts: %d", got)
	}
}
