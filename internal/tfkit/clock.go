package tfkit

import "time"

// Clock returns the current time. Tests pass their own.
type Clock func() time.Time

// SystemClock is the machine's clock.
var SystemClock Clock = time.Now
