package rotation

import "time"

// Clock tells the time. Tests hand in their own.
type Clock func() time.Time

// SystemClock is the machine's clock.
var SystemClock Clock = time.Now
