package waldursim_test

import (
	"testing"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simtest"
	"github.com/svcacct/terraform-provider-svcacct/internal/sim/waldursim"
)

func TestAllOptions(t *testing.T) { simtest.Options(t, waldursim.AllOptions()) }
