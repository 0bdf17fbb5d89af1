package wavefrontsim

import (
	"net/http"

	"github.com/svcacct/terraform-provider-svcacct/internal/sim/simkit"
)

// ThrottledBody is the body of a call that came too fast. This API says 406 where others say 429, and sends no
// Retry-After.
const ThrottledBody = `{"status":{"result":"ERROR","message":"Request rate limit exceeded","code":406}}`

// Throttled is a fault for Inject: that many calls are refused with 406.
func Throttled(times int) simkit.Fault {
	return simkit.Fault{
		Times: times, Status: http.StatusNotAcceptable, Body: ThrottledBody,
		Header: http.Header{"Content-Type": {"application/json"}},
	}
}

// BadGateway is a fault for Inject: that many calls get a 502 with a page of HTML instead of the envelope.
func BadGateway(times int) simkit.Fault {
	return simkit.Fault{Times: times, Status: http.StatusBadGateway, Body: pageText(http.StatusBadGateway)}
}
