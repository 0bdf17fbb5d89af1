package rotation

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
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
	ImportKey    string // how an import takes a key that the server does not return, as a sentence; "": it returns it
	ExpiresAt    string // what is known of the expiry, as a sentence
	Resealed     string // what a change of age_recipients does to the key, as a sentence
	NoOverlap    string // why two keys can't be valid at a time, as a sentence; "": they can
	NeverExpires string // why there is no expiry, as a sentence; "": there may be an expiry
	Invalid      string // how a refresh sees that the key no longer works, and what follows, as sentences
}

// ImportedWithoutKey is Words.Imported where the server does not return a key after it was issued.
const ImportedWithoutKey = "Null after an import, until the key is rotated."

// RotatedToReseal is Words.Resealed where the server does not return a key after it was issued.
const RotatedToReseal = "Other recipients, or none, rotate a key that the state holds encrypted, since the server " +
	"does not return it again: the plan says so."

// InvalidDefault is the end of Words.Invalid where a refresh can see that a key no longer works.
const InvalidDefault = " Default: `false`. A refresh warns, and the key is rotated when a keeper changes."

// With returns the attributes of Key, or of OverlappingKey if keys can overlap, together with the
// other attributes of a resource.
func With(words Words, others map[string]schema.Attribute) map[string]schema.Attribute {
	all := maps.Clone(others)
	maps.Copy(all, attributes(words))
	maps.Copy(all, triggerAttributes(words))
	if words.NoOverlap == "" {
		maps.Copy(all, overlapAttributes())
	} else {
		all["overlap"] = refused("No overlap of keys", words.NoOverlap, "To change keys without an outage, keep two "+
			"accounts: let clients use one account, rotate the key of the other account, and then switch the clients "+
			"to it.")
	}
	if words.NeverExpires != "" {
		all["rotate_before_expiry"] = refused("Rotation before an expiry", words.NeverExpires, "Use rotate_after.")
	}
	return all
}

func overlapAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"overlap": schema.StringAttribute{
			CustomType: tfkit.DurationType{}, Optional: true, Validators: wait,
			MarkdownDescription: "Time for which the previous key stays valid after a rotation. A Go duration of at " +
				"least `1m` and shorter than `rotate_after`, such as `24h`. The first apply after that time revokes " +
				"the previous key. Default: a rotation revokes the previous key at once. A change also applies to an " +
				"overlap that has begun.",
		},
		"store_api_key": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
			Validators: []validator.Bool{storeCheck{}}, PlanModifiers: []planmodifier.Bool{storeCheck{}},
			MarkdownDescription: "Whether `api_key` and `previous_api_key` are stored in the state. Default: `true`. " +
				"With `false`, both are null, and `age_recipients` can't be set. A change removes them from the " +
				"state, or reads them from the server, " +
				"and does not rotate the key. An import stores the key in the state, and the next apply with `false` " +
				"removes it; with `SVCACCT_IMPORT_STORE_API_KEY=false` in its environment an import stores no key, " +
				"and the next apply stores it as the configuration says.",
		},
		"previous_api_key": schema.StringAttribute{
			Computed: true, Sensitive: true, PlanModifiers: computed,
			MarkdownDescription: "Key before the last rotation, while it is valid. Otherwise, and with " +
				"`age_recipients`, null.",
		},
		"encrypted_previous_api_key": schema.StringAttribute{
			Computed: true, PlanModifiers: computed,
			MarkdownDescription: "`previous_api_key`, encrypted to `age_recipients`. Null without them.",
		},
		"previous_expires_at": schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{}, Computed: true, PlanModifiers: computed,
			MarkdownDescription: "Time at which the overlap ends, in RFC 3339. The first apply after that time " +
				"revokes the previous key. Null if there is no previous key.",
		},
	}
}

// refused returns the attribute of a duration that a resource does not support. The error has the
// summary, the reason and the advice.
func refused(summary, reason, advice string) schema.StringAttribute {
	return schema.StringAttribute{
		CustomType: tfkit.DurationType{}, Optional: true,
		Validators:          []validator.String{impossible{summary, reason + " " + advice}},
		PlanModifiers:       []planmodifier.String{impossible{summary, reason + " " + advice}},
		MarkdownDescription: "Not supported by this resource. Setting it is an error: " + reason,
	}
}

// leastWait is the shortest time of a trigger: with a shorter time, a key could be due again when
// its rotation ends.
const leastWait = time.Minute

var (
	computed = []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	wait     = []validator.String{tfkit.DurationAtLeast(leastWait)}
)

func attributes(words Words) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"api_key": schema.StringAttribute{
			Computed: true, Sensitive: true, PlanModifiers: computed,
			MarkdownDescription: strings.Join(strings.Fields("API key that the account authenticates with. "+words.Term+
				" "+words.Imported+" "+words.ImportKey+" Null with `age_recipients`."), " "),
		},
		"age_recipients": schema.ListAttribute{
			ElementType: types.StringType, Optional: true,
			Validators: []validator.List{recipientsCheck{}}, PlanModifiers: []planmodifier.List{recipientsCheck{}},
			MarkdownDescription: "Public keys that the key is encrypted to: keys of " +
				"[age](https://age-encryption.org) (`age1...`), or SSH keys of the types `ssh-ed25519` and " +
				"`ssh-rsa`. Each of their owners can decrypt the key. With them, the state has the key only in " +
				"`encrypted_api_key`. Adding them encrypts the key that the state holds, and does not rotate it. " +
				words.Resealed + " Order does not count. Default: the key is stored in `api_key`, not encrypted.",
		},
		"encrypted_api_key": schema.StringAttribute{
			Computed: true, PlanModifiers: computed,
			MarkdownDescription: "The key, encrypted to `age_recipients`, in the armored text that `age -d` and the " +
				"ephemeral resource `svcacct_decrypted_api_key` open. Not sensitive: only the owners of the " +
				"recipients can open it. Null without `age_recipients`.",
		},
		"expires_at": schema.StringAttribute{
			Computed: true, PlanModifiers: computed,
			MarkdownDescription: "Time at which the key expires. " + words.ExpiresAt,
		},
		"rotated_at": schema.StringAttribute{
			CustomType: timetypes.RFC3339Type{}, Computed: true, PlanModifiers: computed,
			MarkdownDescription: "Time at which the key was issued, in RFC 3339. " + words.Imported,
		},
		"key_version": schema.Int64Attribute{
			Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
			MarkdownDescription: "Number that rises with each new key, and never repeats: the Unix seconds of " +
				"`rotated_at`, or of the time at which an import stored the key, or one more than before. Pass it to " +
				"write-only arguments that ask for a version. Null until a key is known.",
		},
	}
}

// triggerAttributes say when the key is rotated.
func triggerAttributes(words Words) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"keepers": schema.MapAttribute{
			ElementType: types.StringType, Optional: true,
			MarkdownDescription: "Any strings, by names of your choice. A change rotates the key: an entry is added, " +
				"removed, or has another value. To set the first map, or to remove the whole map, does not rotate " +
				"the key. An empty map is no map, and an entry that is null is no entry.",
		},
		"rotate_after": schema.StringAttribute{
			CustomType: tfkit.DurationType{}, Optional: true, Validators: wait,
			MarkdownDescription: "Age of the key, counted from `rotated_at`, after which an apply rotates it. A Go " +
				"duration of at least `1m`, such as `2160h` (90 days). Default: age does not rotate the key.",
		},
		"rotate_before_expiry": schema.StringAttribute{
			CustomType: tfkit.DurationType{}, Optional: true, Validators: wait,
			MarkdownDescription: "Time before `expires_at` from which on an apply rotates the key. A Go duration of " +
				"at least `1m` and shorter than the life of the key, such as `168h` (7 days). With a longer time the " +
				"plan warns, and the key is rotated only after its end. Default: a coming expiry does not rotate the " +
				"key.",
		},
		"rotate_when_dead": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Whether an apply rotates a key that no longer works. " + words.Invalid,
		},
	}
}

// impossible refuses every value, and explains what to do instead. A value that is not known when the
// configuration is validated may turn out null: the plan refuses the value once it is known.
type impossible struct{ summary, explanation string }

func (impossible) Description(context.Context) string { return "must not be set" }

func (v impossible) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v impossible) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	v.refuse(req.Path, req.ConfigValue, &resp.Diagnostics)
}

func (v impossible) PlanModifyString(
	_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse,
) {
	v.refuse(req.Path, req.ConfigValue, &resp.Diagnostics)
}

func (v impossible) refuse(at path.Path, value types.String, diags *diag.Diagnostics) {
	if !value.IsNull() && !value.IsUnknown() {
		diags.AddAttributeError(at, v.summary, fmt.Sprintf("%s can't be set: %s", at, v.explanation))
	}
}
