package transport

import (
	"net/http"
	"sync/atomic"
	"time"
)

// serverTime is how far the clock of the server is ahead of the clock of this machine.
type serverTime struct{ ahead atomic.Pointer[time.Duration] }

// learn takes the time from the Date header of a response, which has whole seconds.
func (t *serverTime) learn(header http.Header) {
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		ahead := time.Until(at)
		t.ahead.Store(&ahead)
	}
}

// clockTolerance is how far the clocks of a proxy, which may write the Date of a response, and of the server
// may differ.
const clockTolerance = 5 * time.Second

// ServerTime returns a time that is now past on the server, by some seconds, from the Date headers of its
// responses. What the server creates after this call has no earlier date. It returns false if no response had
// such a header.
func (c *Client) ServerTime() (time.Time, bool) {
	ahead := c.time.ahead.Load()
	if ahead == nil {
		return time.Time{}, false
	}
	return time.Now().Add(*ahead - clockTolerance), true
}
