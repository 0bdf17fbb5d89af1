package tfkit

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/svcacct/terraform-provider-svcacct/internal/rotation"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
	"github.com/svcacct/terraform-provider-svcacct/internal/waldur/waldurapi"
)

// Data is what the configured provider hands to everything that it serves.
type Data struct {
	Clock rotation.Clock
	Locks *Locks

	Waldur      System[waldurapi.Client]
	Wavefront   System[transport.Client]
	Instaclustr System[transport.Client]
}

// System is one configured system, or what its configuration lacks.
type System[C any] struct {
	Client  *C
	Missing error // which settings are missing or can't be used; nil if none
}

// FromProvider unpacks the data that the framework hands to Configure. It returns nil, without an error, while
// the provider is not configured, as during validation, and nil with an error if the system's settings are missing.
func FromProvider[C any](providerData any, pick func(*Data) System[C], diags *diag.Diagnostics) (*Data, *C) {
	if providerData == nil {
		return nil, nil
	}
	data, ok := providerData.(*Data)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("This is a bug in the provider: got %T.", providerData))
		return nil, nil
	}
	system := pick(data)
	if system.Missing != nil {
		diags.AddError("Missing provider configuration", system.Missing.Error())
		return nil, nil
	}
	return data, system.Client
}
