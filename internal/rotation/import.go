package rotation

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// importMark is the fingerprint of a key that the next update is to take from the environment. An import has no
// configuration: only a plan knows where the key is to be stored, so that the import itself does not store it.
var importMark = tfkit.Private[string]{Key: "imported_key", About: about}

// MarkImport ends the import of an object whose key the server does not return. If the environment has the
// key, MarkImport checks it, and lets the next plan take it in. Check returns an error for a key that is not
// the object's; nil: there is no way to check it.
func MarkImport(
	ctx context.Context, imports *tfkit.Imports, check func(transport.Secret) error, private tfkit.PrivateState,
	diags *diag.Diagnostics,
) {
	key, given := imports.Key()
	switch {
	case !given:
		return
	case !imports.Take():
		diags.AddError("Two imports with one API key", tfkit.ImportKeyVariable+" has the key of one object, and this "+
			"run imports another one too. Import the objects one by one, each with its own key.")
		return
	case check == nil:
		diags.AddWarning("API key not checked", fmt.Sprintf("The server does not show which key the object has. The "+
			"next apply stores the key from %s as it is.", tfkit.ImportKeyVariable))
	default:
		if err := check(key); err != nil {
			diags.AddError("Wrong API key for the import", fmt.Sprintf("The key in %s is not that of the imported "+
				"object: %s.", tfkit.ImportKeyVariable, err))
			return
		}
	}
	importMark.Store(ctx, private, key.Fingerprint(), diags)
}

// imported returns the key that an import has marked, and false if the environment does not have it.
func imported(mark string, imports *tfkit.Imports) (key transport.Secret, given bool) {
	key, given = imports.Key()
	return key, given && key.Fingerprint() == mark
}

// planImport plans to store the key of an import, also if the environment does not have it: a plan must not
// depend on that, since Terraform plans again during apply, and a key that is null there would reach consumers.
func (k *Key) planImport(at PlanContext) (diags diag.Diagnostics) {
	if at.importMark == "" {
		return nil
	}
	if _, given := imported(at.importMark, at.imports); !given {
		diags.AddAttributeWarning(KeyPath, missingImport, fmt.Sprintf("This object was imported with a key, and %[1]s "+
			"does not have it: applying this plan fails. Set it to the same key, for the plan and for the apply. To "+
			"do without the key, remove the object from the state, and import it without %[1]s.",
			tfkit.ImportKeyVariable))
	}
	k.setValues(k.storage().planned(noValues(), true, false))
	k.KeyVersion = types.Int64Unknown()
	return diags
}

const missingImport = "API key of the import is missing"

// storeImported stores the key of an import, if the plan says so.
func (k *Key) storeImported(ctx context.Context, prior Key, s Steps, diags *diag.Diagnostics) {
	if prior.values().held() || !k.KeyVersion.IsUnknown() {
		return
	}
	key, given := imported(importMark.Load(ctx, s.Private, diags), s.Imports)
	if !given {
		diags.AddAttributeError(KeyPath, missingImport, fmt.Sprintf("The plan stores the key of the imported object, "+
			"but %s does not have it. Set it to the same key as for the plan, and apply again.",
			tfkit.ImportKeyVariable))
		k.setValues(prior.values())
		k.KeyVersion = prior.KeyVersion
		return
	}
	v, err := k.storage().values(key, types.StringNull())
	if err != nil {
		addSealError(err, diags)
		k.restore(prior)
		return
	}
	k.setValues(v)
	k.KeyVersion = prior.KeyVersion
	k.raiseVersion(s.Clock())
	importMark.Store(ctx, s.Private, "", diags)
	if s.Imported != nil {
		s.Imported(key)
	}
}
