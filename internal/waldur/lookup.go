package waldur

import (
	"errors"

	"github.com/svcacct/terraform-provider-svcacct/internal/tfkit"
	"github.com/svcacct/terraform-provider-svcacct/internal/transport"
)

// nothingFound is the error of a list in which the wanted object is not.
type nothingFound struct{ error }

// only returns the one object that a list has, as tfkit.Only does.
func only[T any](found []T, wanted string, describe func(T) string) (*T, error) {
	object, err := tfkit.Only(found, wanted, "uuid", describe)
	if len(found) == 0 {
		err = nothingFound{err}
	}
	return object, err
}

// foundNothing reports whether a look-up worked, and found nothing that the token may see.
func foundNothing(err error) bool {
	var nothing nothingFound
	return errors.As(err, &nothing) || transport.NotFound(err)
}

// orElsewhere adds hints on where else to look to the error of a look-up that found nothing.
func orElsewhere(err error, hints ...string) error {
	if !foundNothing(err) {
		return err
	}
	return tfkit.WithHints(err, hints...)
}

// providersSight says where the provider of a resource finds its customer and project.
const providersSight = "The provider of a resource does not see the customer and the project that use the resource: " +
	"the data source svcacct_waldur_resource has their UUIDs, customer_uuid and project_uuid."
