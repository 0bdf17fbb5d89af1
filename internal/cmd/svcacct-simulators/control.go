package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/world"
)

// action does what a request to the control port says, for some systems. A nil result has no body,
// an error is the caller's.
type action func(r *http.Request, of []*world.System) (result any, err error)

// newControl serves the control port: JSON over HTTP, which README.md describes.
func newControl(systems []*world.System) http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range map[string]action{
		"GET /requests":    listRequests,
		"DELETE /requests": each((*world.System).ResetRequests),
		"POST /faults":     addFault,
		"DELETE /faults":   each((*world.System).ClearFaults),
		"GET /keys":        listKeys,
		"GET /objects":     listObjects,
		"POST /clock":      advance,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			of, err := selected(r, systems)
			var result any
			if err == nil {
				result, err = do(r, of)
			}
			status := http.StatusOK
			switch {
			case err != nil:
				status, result = http.StatusBadRequest, map[string]string{"error": err.Error()}
			case result == nil:
				w.WriteHeader(http.StatusNoContent)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write(append(simkit.Encode(result), '\n')) // the client may be gone
		})
	}
	return mux
}

// selected returns the systems that the query names.
func selected(r *http.Request, systems []*world.System) ([]*world.System, error) {
	for name := range r.URL.Query() {
		if name != "system" {
			return nil, fmt.Errorf("unknown parameter %q; there is system", name)
		}
	}
	return named(r.URL.Query().Get("system"), systems)
}

// named returns one of the systems, or all of them for an empty name.
func named(name string, systems []*world.System) ([]*world.System, error) {
	if name == "" {
		return systems, nil
	}
	for _, s := range systems {
		if lower(s) == name {
			return []*world.System{s}, nil
		}
	}
	return nil, fmt.Errorf("no system %q; there are waldur, wavefront and instaclustr", name)
}

// lower is the name of a system on the control port.
func lower(s *world.System) string { return strings.ToLower(s.Name) }

func each(do func(*world.System)) action {
	return func(_ *http.Request, of []*world.System) (any, error) {
		for _, s := range of {
			do(s)
		}
		return nil, nil
	}
}

// shownRequest is a request in the order of the responses. Status is 0 for a dropped connection.
type shownRequest struct {
	System string `json:"system"`
	Method string `json:"method"`
	Path   string `json:"path"`
	Status int    `json:"status"`
}

func listRequests(_ *http.Request, of []*world.System) (any, error) {
	all := []shownRequest{}
	for _, s := range of {
		for _, r := range s.Requests() {
			all = append(all, shownRequest{lower(s), r.Method, r.Path, r.Status})
		}
	}
	return all, nil
}

type shownKey struct {
	System string `json:"system"`
	simkit.Key
}

func listKeys(_ *http.Request, of []*world.System) (any, error) {
	all := []shownKey{}
	for _, s := range of {
		for _, key := range s.IssuedKeys() {
			all = append(all, shownKey{lower(s), key})
		}
	}
	return all, nil
}

type shownObject struct {
	System string `json:"system"`
	simkit.Stored
}

func listObjects(_ *http.Request, of []*world.System) (any, error) {
	all := []shownObject{}
	for _, s := range of {
		for _, object := range s.Objects(strings.TrimPrefix(s.URL, "http://")) {
			all = append(all, shownObject{lower(s), object})
		}
	}
	return all, nil
}

func advance(r *http.Request, of []*world.System) (any, error) {
	var body struct {
		Advance duration `json:"advance"`
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if body.Advance == 0 {
		return nil, errors.New(`"advance" must be a time such as "720h"`)
	}
	for _, s := range of {
		s.Advance(time.Duration(body.Advance))
	}
	return nil, nil
}

// givenFault is a fault on the control port. An empty system, method or path is any.
type givenFault struct {
	System string            `json:"system"`
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Status int               `json:"status"`
	Body   string            `json:"body"`
	Header map[string]string `json:"header"`
	Delay  duration          `json:"delay"`
	Drop   drop              `json:"drop"`
	Skip   int               `json:"skip"`
	Window duration          `json:"window"`
	Times  int               `json:"times"`
}

func addFault(r *http.Request, of []*world.System) (any, error) {
	var given givenFault
	if err := decode(r, &given); err != nil {
		return nil, err
	}
	of, err := named(given.System, of)
	if err != nil {
		return nil, err
	}
	fault, err := given.fault()
	if err != nil {
		return nil, err
	}
	path, err := glob(given.Path)
	if err != nil {
		return nil, err
	}
	matches := func(r simkit.Request) bool {
		return (given.Method == "" || given.Method == r.Method) && path.MatchString(r.Path)
	}
	for _, s := range of {
		if err := s.InjectWhere(matches, fault); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// methods are those that the simulators serve.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// fault leaves it to the simulator to refuse a fault that could not act.
func (f givenFault) fault() (simkit.Fault, error) {
	header := http.Header{}
	for name, value := range f.Header {
		header.Set(name, value)
	}
	fault := simkit.Fault{
		Times: f.Times, Skip: f.Skip, Status: f.Status, Body: f.Body, Header: header, Delay: time.Duration(f.Delay),
		Window: time.Duration(f.Window), Drop: simkit.Drop(f.Drop),
		Late: f.Delay > 0 && simkit.Drop(f.Drop) == simkit.DropAfter,
	}
	switch {
	case f.Method != "" && !slices.Contains(methods, f.Method):
		return fault, fmt.Errorf(`"method" %q is none of %s`, f.Method, strings.Join(methods, ", "))
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fault, errors.New(`"status" must be from 200 to 599`)
	case f.Status == 0 && (f.Body != "" || len(f.Header) > 0):
		return fault, errors.New(`"body" and "header" need a "status"`)
	case f.Skip < 0:
		return fault, errors.New(`"skip" must not be negative`)
	case f.Times < -1:
		return fault, errors.New(`"times" must be positive, or -1 for ever`)
	}
	return fault, nil
}

// decode refuses unknown members and text after the object.
func decode(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("the body: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body: text after the object")
	}
	return nil
}
