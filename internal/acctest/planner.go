package acctest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Unknown is the value of an attribute that is not known before apply.
const Unknown = tftypes.UnknownValue

// Values are attributes by name: nil, Unknown, texts, booleans, numbers, []tftypes.Value and maps of them.
type Values map[string]any

// Planner plans changes of one resource as a CLI does, without a CLI. The provider is not configured.
type Planner struct {
	t          *testing.T
	server     tfprotov6.ProviderServer
	typeName   string
	kind       tftypes.Object
	attributes []*tfprotov6.SchemaAttribute
}

// ResourcePlan is the plan of one resource.
type ResourcePlan struct {
	Values   map[string]tftypes.Value
	Messages []string // "Severity attribute: summary: detail"
	Replaces bool
}

// NewPlanner returns a planner of a resource type.
func NewPlanner(t *testing.T, typeName string) *Planner {
	t.Helper()
	server, err := Factories(&Clock{})["svcacct"]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || schemas.ResourceSchemas[typeName] == nil {
		t.Fatalf("no schema of %s (%v)", typeName, err)
	}
	p := &Planner{t: t, server: server, typeName: typeName}
	p.attributes = schemas.ResourceSchemas[typeName].Block.Attributes
	p.kind, _ = schemas.ResourceSchemas[typeName].ValueType().(tftypes.Object)
	return p
}

// Configurable returns the names of the attributes that a configuration can set.
func (p *Planner) Configurable() []string {
	var names []string
	for _, attribute := range p.attributes {
		if attribute.Optional || attribute.Required {
			names = append(names, attribute.Name)
		}
	}
	return names
}

// Plan plans a configuration. A state nil is a create. Private is the private state: JSON by key.
func (p *Planner) Plan(state, config Values, private map[string]string) ResourcePlan {
	p.t.Helper()
	planned := p.plan(state, config, private)
	if planned.Replaces { // a CLI plans the new object too
		created := p.plan(nil, config, private)
		created.Messages = append(planned.Messages, created.Messages...)
		created.Replaces = true
		return created
	}
	return planned
}

func (p *Planner) plan(state, config Values, private map[string]string) ResourcePlan {
	p.t.Helper()
	proposed := maps.Clone(config)
	for _, attribute := range p.attributes {
		if attribute.Computed && config[attribute.Name] == nil {
			proposed[attribute.Name] = state[attribute.Name]
		}
	}
	stored := map[string][]byte{}
	for key, text := range private {
		stored[key] = []byte(text)
	}
	bytes, err := json.Marshal(stored)
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.typeName, PriorState: p.value(state), ProposedNewState: p.value(proposed), Config: p.value(config),
		PriorPrivate: bytes,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	planned := ResourcePlan{Replaces: len(resp.RequiresReplace) > 0}
	for _, d := range resp.Diagnostics {
		at := ""
		if d.Attribute != nil {
			at, _, _ = strings.Cut(strings.TrimPrefix(d.Attribute.String(), `AttributeName("`), `"`)
		}
		planned.Messages = append(planned.Messages, d.Severity.String()+" "+at+": "+d.Summary+": "+d.Detail)
	}
	value, err := resp.PlannedState.Unmarshal(p.kind)
	if err == nil {
		err = value.As(&planned.Values)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return planned
}

func (p *Planner) value(values Values) *tfprotov6.DynamicValue {
	p.t.Helper()
	object := tftypes.NewValue(p.kind, nil)
	if values != nil {
		members := map[string]tftypes.Value{}
		for name, kind := range p.kind.AttributeTypes {
			members[name] = tftypes.NewValue(kind, values[name])
		}
		object = tftypes.NewValue(p.kind, members)
	}
	encoded, err := tfprotov6.NewDynamicValue(p.kind, object)
	if err != nil {
		p.t.Fatal(err)
	}
	return &encoded
}

// Unknown returns the names of the attributes that are not, or not wholly, known before apply.
func (p ResourcePlan) Unknown() []string {
	names := []string{}
	for name, value := range p.Values {
		if !value.IsFullyKnown() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Breaks returns what a plan that a CLI makes during apply, when all values are known, has, and the plan
// before does not allow: other values, a replacement, and messages with another summary.
func (p ResourcePlan) Breaks(final ResourcePlan) []string {
	var broken []string
	for name, value := range p.Values {
		if value.IsFullyKnown() && !value.Equal(final.Values[name]) {
			broken = append(broken, name+" is another value")
		}
	}
	if final.Replaces && !p.Replaces {
		broken = append(broken, "a replacement")
	}
	for _, message := range final.Messages {
		parts := strings.SplitN(message, ": ", 3)
		announced := func(earlier string) bool { return strings.HasPrefix(earlier, parts[0]+": "+parts[1]+": ") }
		if !slices.ContainsFunc(p.Messages, announced) {
			broken = append(broken, message)
		}
	}
	slices.Sort(broken)
	return broken
}
