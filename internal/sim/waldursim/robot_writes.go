package waldursim

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// robotWriting is a checked body. What was not sent stays as it is, even in a PUT.
type robotWriting struct {
	texts       map[string]string
	resource    *string
	users       *[]string
	keys        *[]string
	responsible *string
}

var robotTexts = []textField{
	{name: "username", max: 32, blank: true},
	{name: "description", blank: true},
	{name: "type", max: 5},
}

// apply leaves the people alone, whom the caller may not see in full.
func (w robotWriting) apply(a *robotAccount) {
	for name, text := range w.texts {
		*a.texts()[name] = text
	}
	if w.resource != nil {
		a.resource = *w.resource
	}
	if w.keys != nil {
		a.keys = *w.keys
	}
}

// robotBody is a body while it is read. A field reports its fault as a list of
// texts, or as lists by the place of an item.
type robotBody struct {
	call     *call
	sent     map[string]any
	problems record
	writing  robotWriting
}

// read reports all faulty fields together.
func (e *robotEndpoint) read(c *call, whole, update bool) (robotWriting, *answer) {
	sent, problem := c.fields()
	if problem != nil {
		return robotWriting{}, problem
	}
	b := &robotBody{c, sent, record{}, robotWriting{texts: map[string]string{}}}
	if e.old {
		delete(sent, "description")
	}
	if update && c.sim.options.FrozenResource {
		delete(sent, "resource")
	} else {
		b.readResource(whole)
	}
	if _, ok := sent["type"]; whole && !ok {
		b.fault("type", "This field is required.")
	}
	b.readTexts()
	b.readUsers()
	b.readKeys()
	b.readResponsible()
	if len(b.problems) > 0 {
		return robotWriting{}, badRequest(b.problems)
	}
	return b.writing, nil
}

func (b *robotBody) fault(name, text string) { b.problems[name] = []string{text} }

func (b *robotBody) readTexts() {
	for _, field := range robotTexts {
		value, ok := b.sent[field.name]
		if !ok {
			continue
		}
		text, faults := field.check(value)
		if faults != nil {
			b.problems[field.name] = faults
		}
		b.writing.texts[field.name] = text
	}
}

func (b *robotBody) readResource(needed bool) {
	value, ok := b.sent["resource"]
	switch {
	case !ok && needed:
		b.fault("resource", "This field is required.")
	case !ok:
	case value == nil || value == "":
		b.fault("resource", "This field may not be null.")
	default:
		uuid, fault := b.call.follow(value, consumedResources.view("detail"), func(uuid string) bool {
			_, ok := b.call.sim.robotPlace(uuid)
			return ok
		})
		if fault != "" {
			b.fault("resource", fault)
		}
		b.writing.resource = &uuid
	}
}

func (b *robotBody) followUser(value any) (uuid, fault string) {
	return b.call.follow(value, users.view("detail"), func(uuid string) bool {
		return b.call.sim.store.users.get(uuid) != nil
	})
}

// readUsers takes a set: repetitions fall together.
func (b *robotBody) readUsers() {
	list, ok := b.list("users")
	if !ok {
		return
	}
	uuids := []string{}
	for _, value := range list {
		uuid, fault := b.followUser(value)
		if fault != "" {
			b.fault("users", fault)
			return
		}
		if !slices.Contains(uuids, uuid) {
			uuids = append(uuids, uuid)
		}
	}
	b.writing.users = &uuids
}

func (b *robotBody) readResponsible() {
	value, ok := b.sent["responsible_user"]
	if !ok {
		return
	}
	uuid, fault := "", ""
	if value != nil && value != "" {
		uuid, fault = b.followUser(value)
	}
	if fault != "" {
		b.fault("responsible_user", fault)
	}
	b.writing.responsible = &uuid
}

// list reports what is no list and is not ok for it.
func (b *robotBody) list(name string) (list []any, ok bool) {
	value, sent := b.sent[name]
	if !sent {
		return nil, false
	}
	list, ok = value.([]any)
	switch {
	case ok:
	case value == nil:
		b.fault(name, "This field may not be null.")
	default:
		b.fault(name, `Expected a list of items but got type "`+pythonType(value)+`".`)
	}
	return list, ok
}

// readKeys reports items that are no text by their place, and the first that is
// no key for the whole list. Order and repetitions are kept.
func (b *robotBody) readKeys() {
	list, ok := b.list("keys")
	if !ok {
		return
	}
	keys, places := []string{}, record{}
	for i, value := range list {
		text, faults := b.readKey(value)
		if faults != nil {
			places[strconv.Itoa(i)] = faults
		}
		keys = append(keys, text)
	}
	if len(places) > 0 {
		b.problems["keys"] = places
		return
	}
	for _, key := range keys {
		if _, _, ok := parseSSHKey(key); !ok {
			b.fault("keys", badKey)
			return
		}
	}
	b.writing.keys = &keys
}

// readKey knows no text where keys are any JSON; what is none is no key either.
func (b *robotBody) readKey(value any) (text string, faults []string) {
	if !b.call.sim.options.UntrimmedKeys {
		return textField{name: "keys"}.check(value)
	}
	text, _ = value.(string)
	return text, nil
}

// follow resolves the address of an object. Scheme and host of an address do not
// matter; an address that begins otherwise has to be a path.
func (c *call) follow(value any, view string, exists func(uuid string) bool) (uuid, fault string) {
	path, ok := value.(string)
	if !ok {
		return "", "Incorrect type. Expected URL string, received " + pythonType(value) + "."
	}
	if strings.HasPrefix(path, "http:") || strings.HasPrefix(path, "https:") {
		address, err := url.Parse(path)
		if err != nil {
			return "", "Invalid hyperlink - No URL match."
		}
		path = address.Path
	}
	r, text, ok := c.sim.find(path)
	if !ok {
		return "", "Invalid hyperlink - No URL match."
	}
	if r.view != view {
		return "", "Invalid hyperlink - Incorrect URL match."
	}
	if uuid, ok = parseUUID(text); !ok || !exists(uuid) {
		return "", "Invalid hyperlink - Object does not exist."
	}
	return uuid, ""
}
