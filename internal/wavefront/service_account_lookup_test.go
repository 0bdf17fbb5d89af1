package wavefront

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/wavefront/wavefrontapi"
)

// script is what a server does with one request after the other, such as "GET 200 {}": the method
// that it expects, the status and the body of its response. With status 0 the connection breaks
// instead. A list in a response about the account sa::ci are its tokens.
type script []string

// client returns a client of the server, which signs in with the token "own" and repeats nothing.
// The test fails if the server receives other requests than the script has.
func (s script) client(t *testing.T) *client {
	t.Helper()
	var received []string
	var mu sync.Mutex // a handler whose connection broke may still run
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		received = append(received, r.Method)
		if len(received) > len(s) {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		parts := strings.SplitN(s[len(received)-1]+"  ", " ", 3)
		if parts[1] == "0" {
			panic(http.ErrAbortHandler)
		}
		status, _ := strconv.Atoi(parts[1])
		w.Header().Set("Date", "Sun, 01 Mar 2026 12:00:00 GMT") // when the first token of a list was generated
		w.WriteHeader(status)
		body := strings.TrimSpace(parts[2])
		if strings.HasSuffix(r.URL.Path, "/account/serviceaccount/sa::ci") && strings.HasPrefix(body, "[") {
			body = `{"identifier":"sa::ci","tokens":` + body + "}"
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(func() {
		server.Close()
		want := make([]string, len(s))
		for i, line := range s {
			want[i], _, _ = strings.Cut(line, " ")
		}
		if !slices.Equal(received, want) {
			t.Errorf("received %q, want %q", received, want)
		}
	})
	transportClient, err := transport.New(wavefrontapi.Options(transport.Options{Endpoint: server.URL,
		RetryWait: time.Millisecond}, "own"))
	if err != nil {
		t.Fatal(err)
	}
	return newClient(transportClient, &tfkit.Data{})
}

const (
	absent  = `404 {"status":{"result":"ERROR","message":"no such account","code":404}}`
	failure = `502 <html>Bad Gateway</html>`

	noAccounts = "GET 200 []"

	refusal  = `400 {"status":{"result":"ERROR","message":"not now","code":400}}`
	signedBy = `200 {"identifier":"sa::ci","active":true,"tokens":[{"tokenID":"own"}]}` // the account of the provider
	inactive = `200 {"identifier":"sa::ci","active":false}`
	active   = `200 {"identifier":"sa::ci","active":true}`
	builds   = `200 {"identifier":"sa::ci","active":true,"description":" builds\n"}`
	created  = `200 {"identifier":"sa::ci","active":true,"description":" builds\n","tokens":[]}`
	message  = `{"result":"OK","message":"id ignored","code":202}`
	account  = " /api/v2/account/serviceaccount"

	withMessage = `200 {"status":` + message + `,"response":{"identifier":"sa::ci","description":"builds"}}`

	badGateway = ": 502 Bad Gateway: the response is not JSON: the server or a proxy failed, or the endpoint is not " +
		"the address of the API"
	notJSON = ": 404 Not Found: the response is not JSON: the server or a proxy failed, or the endpoint is not the " +
		"address of the API"
)

func TestServiceAccountFind(t *testing.T) {
	for name, test := range map[string]struct {
		server script
		found  bool
		err    string
	}{
		"found":            {script{"GET " + active}, true, ""},
		"absent":           {script{"GET " + absent}, false, ""},
		"404 of a gateway": {script{"GET 404 <html>"}, false, "GET" + account + "/sa::ci" + notJSON},
		"forbidden": {
			script{`GET 403 {"message":"no"}`}, false, "GET" + account + "/sa::ci: 403 Forbidden: no",
		},
		"throttled": {script{`GET 406 {"message":"slow"}`, "GET " + active}, true, ""},
		"a failure": {script{"GET " + failure}, false, "GET" + account + "/sa::ci" + badGateway},
		"no account": {
			script{`GET 200 {"identifier":""}`}, false,
			"GET" + account + "/sa::ci: 200 OK: the response is not the expected JSON: it has no identifier",
		},
		"an ERROR inside a 200": {
			script{`GET 200 {"status":{"result":"ERROR","message":"no","code":404}}`}, false,
			"GET" + account + "/sa::ci: 200 OK: no",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := serviceAccounts{test.server.client(t)}.find(t.Context(), "sa::ci")
			wantError(t, err, test.err)
			if (got != nil) != test.found {
				t.Errorf("found %v", got)
			}
		})
	}
}

// A 404 counts only if the list of all accounts confirms it.
func TestServiceAccountRead(t *testing.T) {
	const notFound = "GET" + account + "/sa::ci: 404 Not Found: no such account"
	for name, test := range map[string]struct {
		server script
		err    string
	}{
		"found":  {script{"GET " + active}, ""},
		"absent": {script{"GET " + absent, `GET 200 [{"identifier":"sa::c"}]`}, tfkit.ErrAbsent.Error()},
		"a list has it, but a newer list does not": {
			script{"GET " + absent, `GET 200 [{"identifier":"sa::ci"}]`, noAccounts}, tfkit.ErrAbsent.Error(),
		},
		"the list has it": {
			script{"GET " + absent, `GET 200 [{"identifier":"sa::ci"}]`, `GET 200 [{"identifier":"sa::ci"}]`},
			notFound + ", but the list of all accounts has it",
		},
		"no list": {
			script{"GET " + absent, "GET " + failure},
			notFound + ". The list of all accounts could not confirm that: GET" + account + badGateway,
		},
		"404 of a gateway": {
			script{`GET 404 {"message":"no Route matched with those values"}`},
			"GET" + account + "/sa::ci: 404 Not Found: no Route matched with those values",
		},
		"a failure": {script{"GET " + failure}, "GET" + account + "/sa::ci" + badGateway},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := serviceAccounts{test.server.client(t)}.read(t.Context(), "sa::ci")
			wantError(t, err, test.err)
			if (got != nil) != (test.err == "") {
				t.Errorf("found %v", got)
			}
		})
	}
}

func TestServiceAccountCreate(t *testing.T) {
	const lost = "POST" + account + ": EOF"
	for name, test := range map[string]struct {
		server script
		remark string
		err    string
		hint   string
	}{
		"created": {script{"GET " + absent, "POST " + created}, "", "", ""},
		"created, without tokens in the response": {
			script{"GET " + absent, "POST " + inactive, "GET " + builds}, "", "", "",
		},
		"created, with a message": {
			script{
				"GET " + absent,
				"POST " + withMessage,
				"GET " + builds,
			},
			"The server's message: id ignored", "", "",
		},
		"exists": {
			script{"GET " + active}, "", "there is an account with this identifier already", `id = "sa::ci"`,
		},
		"not known whether it exists": {script{"GET " + failure}, "", "GET" + account + "/sa::ci" + badGateway, ""},
		"refused": {
			script{"GET " + absent, "POST " + refusal, "GET " + absent}, "",
			"POST" + account + ": 400 Bad Request: not now", "",
		},
		"refused, since it exists": {
			script{"GET " + absent, "POST " + refusal, "GET " + active}, "",
			"POST" + account + ": 400 Bad Request: not now", `id = "sa::ci"`,
		},
		"not read back": {
			script{"GET " + absent, "POST " + builds, "GET " + failure},
			"The account was created, but not read. The next refresh reads it. GET" + account + "/sa::ci" + badGateway,
			"", "",
		},
		"not read back, with a message": {
			script{"GET " + absent, "POST " + withMessage, "GET " + failure},
			"The account was created, but not read. The next refresh reads it. GET" + account + "/sa::ci" + badGateway +
				". The server's message: id ignored",
			"", "",
		},
		"gone when read back": {
			script{"GET " + absent, "POST " + builds, "GET " + absent},
			"The account was created, but not read. The next refresh reads it. " +
				"GET" + account + "/sa::ci: 404 Not Found: no such account",
			"", "",
		},
		"lost, created":              {script{"GET " + absent, "POST 0", "GET " + builds}, "", "", ""},
		"lost to a gateway, created": {script{"GET " + absent, "POST " + failure, "GET " + builds}, "", "", ""},
		"lost, not created": {
			script{"GET " + absent, "POST 0", "GET " + absent}, "",
			lost + ". No account was found afterwards. If the server is still processing the request and creates it, " +
				"the next apply says how to import it",
			"",
		},
		"lost, not known": {
			script{"GET " + absent, "POST 0", "GET " + failure}, "",
			lost + ". It is not known whether the account was created, since the search for it failed too: " +
				"GET" + account + "/sa::ci" + badGateway + ". Apply again: if it was created, the error " +
				"says how to import it",
			"",
		},
		"lost, somebody else's": {
			script{"GET " + absent, "POST 0", "GET " + active}, "",
			lost + `. Meanwhile somebody else created another account of this name: its description is ""`, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			wanted := wavefrontapi.ServiceAccountWrite{Identifier: "sa::ci", Active: true, Description: "builds"}
			got, remark, err := serviceAccounts{test.server.client(t)}.create(t.Context(), wanted)
			wantError(t, err, test.err)
			if remark != test.remark || (got == nil) != (test.err != "") || got != nil && strings.TrimSpace(
				got.Description,
			) != "builds" {
				t.Errorf("got %+v, %q", got, remark)
			}
			wantHint(t, err, test.hint)
		})
	}
}

// wantHint checks that an error has one hint or more, the first with a text; "": none.
func wantHint(t *testing.T, err error, want string) {
	t.Helper()
	hints := tfkit.HintsOf(err)
	if (want == "") != (len(hints) == 0) || want != "" && !strings.Contains(hints[0], want) {
		t.Errorf("hints %q", hints)
	}
}

func TestServiceAccountUpdate(t *testing.T) {
	for name, test := range map[string]struct {
		server      script
		remark, err string
	}{
		"updated": {script{"PUT " + inactive, "GET " + builds}, "", ""},
		"updated, with a message": {
			script{
				"PUT " + withMessage,
				"GET " + builds,
			},
			"The server's message: id ignored", "",
		},
		"refused": {
			script{"PUT " + refusal}, "", "PUT" + account + "/sa::ci: 400 Bad Request: not now",
		},
		"gone": {
			script{"PUT " + absent}, "", "PUT" + account + "/sa::ci: 404 Not Found: no such account",
		},
		"not read back": {
			script{"PUT " + builds, "GET " + failure}, "",
			"the account was updated, but could not be read: GET" + account + "/sa::ci" + badGateway,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, remark, err := serviceAccounts{test.server.client(t)}.update(
				t.Context(), wavefrontapi.ServiceAccountWrite{Identifier: "sa::ci"},
			)
			wantError(t, err, test.err)
			if remark != test.remark || err == nil && strings.TrimSpace(got.Description) != "builds" {
				t.Errorf("got %+v, %q", got, remark)
			}
		})
	}
}

func TestServiceAccountRemove(t *testing.T) {
	const one, still = " /api/v2/account/sa::ci", "the server returned success for the delete, but the account still " +
		"exists"
	const refused = `401 {"message":"no"}`
	for name, test := range map[string]struct {
		server script
		err    string
	}{
		"deleted":                {script{"DELETE 200 {}", noAccounts}, ""},
		"gone already":           {script{"DELETE " + absent, noAccounts}, ""},
		"success, but it exists": {script{"DELETE 200 {}", `GET 200 [{"identifier":"sa::ci"}]`}, still},
		"refused":                {script{"DELETE " + refusal}, "DELETE" + one + ": 400 Bad Request: not now"},
		"a failure":              {script{"DELETE " + failure}, "DELETE" + one + badGateway},
		"404, but the list has it": {
			script{"DELETE " + absent, `GET 200 [{"identifier":"sa::ci"}]`},
			"DELETE" + one + ": 404 Not Found: no such account, but the list of all accounts has it",
		},
		"no list":                {script{"DELETE 200 {}", "GET " + failure, "GET " + absent}, ""},
		"no list, and it exists": {script{"DELETE 200 {}", "GET " + failure, "GET " + active}, still},
		"no list, and no such page": {script{"DELETE 200 {}", "GET " + failure, `GET 404 {"message":"no"}`},
			"GET" + account + "/sa::ci: 404 Not Found: no"},
		"404, and no list": {
			script{"DELETE " + absent, "GET " + failure}, "DELETE" + one + ": 404 Not Found: no such account. The " +
				"list of all accounts could not confirm that: GET" + account + badGateway,
		},
		"404 of a gateway": {
			script{`DELETE 404 {"message":"Not Found"}`}, "DELETE" + one + ": 404 Not Found: Not Found",
		},
		"not known": {
			script{"DELETE 200 {}", "GET " + failure, "GET " + failure}, "GET" + account + "/sa::ci" + badGateway,
		},
		"own: the credential died with it": {script{"DELETE 200 {}", "GET " + refused}, ""},
		"not own, and the credential is refused": {
			script{"DELETE 200 {}", "GET " + refused}, "GET" + account + ": 401 Unauthorized: no",
		},
		"404, and the credential is dead": {
			script{"DELETE " + absent, "GET " + refused}, "DELETE" + one + ": 404 Not Found: no such account. The " +
				"list of all accounts could not confirm that: GET" + account + ": 401 Unauthorized: no",
		},
	} {
		t.Run(name, func(t *testing.T) {
			own := strings.HasPrefix(name, "own")
			wantError(t, serviceAccounts{test.server.client(t)}.remove(t.Context(), "sa::ci", own), test.err)
		})
	}
}

func TestServiceAccountSetActive(t *testing.T) {
	for name, test := range map[string]struct {
		server script
		own    bool
		err    string
	}{
		"deactivated": {script{"POST 200 {}", "GET " + inactive}, false, ""},
		"nothing happened": {
			script{"POST 200 {}", "GET " + active}, false, "the server returned success, but active is still true",
		},
		"not returned": {
			script{"POST 200 {}", `GET 200 {"identifier":"sa::ci"}`}, false,
			"the server returned success, but not whether the account is active now",
		},
		"refused": {
			script{"POST " + refusal}, false, "POST" + account + "/sa::ci/deactivate: 400 Bad Request: not now",
		},
		"not read back": {
			script{"POST 200 {}", "GET " + failure}, false, "GET" + account + "/sa::ci" + badGateway,
		},
		"the provider's account": {script{"POST 200 {}"}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := &wavefrontapi.ServiceAccount{Identifier: "sa::ci", Active: ptr(true), Tokens: live("other x")}
			if test.own {
				in.Tokens = live("other x", "own y")
			}
			wantError(t, serviceAccounts{test.server.client(t)}.setActive(t.Context(), in, false), test.err)
		})
	}
}

func TestServiceAccountList(t *testing.T) {
	const b, a = `{"identifier":"sa::b"}`, `{"identifier":"sa::a"}`
	for name, test := range map[string]struct {
		server     script
		conditions []wavefrontapi.Condition
		want       []string
		err        string
	}{
		"all":  {script{"GET 200 [" + b + "," + a + "]"}, nil, []string{"sa::a", "sa::b"}, ""},
		"none": {script{"GET 200 []"}, nil, nil, ""},
		"some": {
			script{`POST 200 {"items":[` + b + "," + a + `]}`},
			[]wavefrontapi.Condition{{Key: "identifier", Values: []string{"sa::"}}}, []string{"sa::a", "sa::b"}, "",
		},
		"a failure": {script{"GET " + failure}, nil, nil, "GET" + account + badGateway},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := serviceAccounts{test.server.client(t)}.list(t.Context(), test.conditions)
			wantError(t, err, test.err)
			var got []string
			for _, one := range found {
				got = append(got, one.Identifier)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
