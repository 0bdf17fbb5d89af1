package rotation

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
)

// Words are what differs between the systems in the descriptions of the attributes.
type Words struct {
	Term         string // the API's own word for the key, as a sentence
	Imported     string // what api_key and rotated_at are after an import, as a sentence
	ExpiresAt    string // what is known of the expiry, as a sentence
	NoOverlap    string // why two keys can't live at a time, as a sentence; "": they can
	NeverExpires string // why there is no expiry, as a sentence; "": there may be one
}

// ImportedWithoutKey is Words.Imported where the far side does not tell a key again.
const ImportedWithoutKey = "Null after an import, until the key is rotated."

// With returns the attributes of Key, or of OverlappingKey where keys can overlap, together with a resource's own.
func With(words Words, own map[string]schema.Attribute) map[string]schema.Attribute {
	all := maps.Clone(own)
	maps.Copy(all, attributes(words))
	if words.NoOverlap == "" {
		maps.Copy(all, overlapAttributes())
	}
	if words.NeverExpires != "" {
		all["rotate_before_expiry"] = refused("Rotation before an expiry", words.NeverExpires+" Use rotate_after.", words.NeverExpires)
	}
	return all
}

func overlapAttributes() map[string]schema.Attribute {
	computed := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return map[string]schema.Attribute{
		"overlap": schema.StringAttribute{
			CustomType: timetypes.GoDurationType{}, Optional: true, Validators: []validator.String{tfkit.DurationAtLeast(leastWait)},
			MarkdownDescription: "How long the previous key stays valid after a rotation. A Go duration such as `24h`, shorter than `rotate_after`. " +
				"The first apply after that time revokes it. Without it, a rotation revokes the previous key at once.",
		},
		"store_api_key": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
			MarkdownDescription: "Whether `api_key` and `previous_api_key` are in state. Default: `true`. An import reads the key into state first; the next apply takes it " +
				"out again.",
		},
		"previous_api_key": schema.StringAttribute{
			Computed: true, Sensitive: true, PlanModifiers: computed,
			MarkdownDescription: "The key before the last rotation, as long as it is valid. Null otherwise.",
		},
		"previous_expires_at": schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{}, Computed: true, PlanModifiers: computed,
			MarkdownDescription: "When the overlap ends, in RFC 3339. The first apply after that revokes the previous key. Null if there is none.",
		},
	}
}

// refused is the attribute of a duration that can't be set here. The summary and the explanation are the error's.
func refused(summary, explanation, reason string) schema.StringAttribute {
	return schema.StringAttribute{
		CustomType: timetypes.GoDurationType{}, Optional: true, Validators: []validator.String{impossible{summary, explanation}},
		MarkdownDescription: "Not possible here, and an error when set: " + reason,
	}
}

// leastWait keeps a key from being due again by the time its rotation is done.
const leastWait = time.Minute

func attributes(words Words) map[string]schema.Attribute {
	computed := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	wait := []validator.String{tfkit.DurationAtLeast(leastWait)}
	return map[string]schema.Attribute{
		"api_key": schema.StringAttribute{
			Computed: true, Sensitive: true, PlanModifiers: computed,
			MarkdownDescription: "The key that the account signs in with. " + words.Term + " " + words.Imported,
		},
		"expires_at": schema.StringAttribute{
			Computed: true, PlanModifiers: computed,
			MarkdownDescription: "When the key ends. " + words.ExpiresAt,
		},
		"rotated_at": schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{}, Computed: true, PlanModifiers: computed,
			MarkdownDescription: "When the provider last had a key issued, in RFC 3339. " + words.Imported,
		},
		"keepers": schema.MapAttribute{
			ElementType: types.StringType, Optional: true,
			MarkdownDescription: "Values that, when any of them is changed, added or removed, have the key rotated. " +
				"Setting the first map, or removing the whole map, only records it.",
		},
		"rotate_after": schema.StringAttribute{
			CustomType: timetypes.GoDurationType{}, Optional: true, Validators: wait,
			MarkdownDescription: "Rotate the key at the first apply that comes this long after `rotated_at`. " +
				"A Go duration such as `2160h` (90 days).",
		},
		"rotate_before_expiry": schema.StringAttribute{
			CustomType: timetypes.GoDurationType{}, Optional: true, Validators: wait,
			MarkdownDescription: "Rotate the key at the first apply that comes within this time before `expires_at`. " +
				"A Go duration such as `168h` (7 days), shorter than the key's life.",
		},
		"overlap": refused("No overlap of keys", words.NoOverlap+" For a change of keys without an outage, keep two accounts, let consumers use one, "+
			"rotate the key of the other, and switch consumers over.", words.NoOverlap),
	}
}

// impossible refuses any value, known or not, and explains what does work.
type impossible struct{ summary, explanation string }

func (impossible) Description(context.Context) string { return "must not be set" }

func (v impossible) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v impossible) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !req.ConfigValue.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, fmt.Sprintf("%s can't be set: %s", req.Path, v.explanation))
	}
}
