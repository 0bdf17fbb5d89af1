package waldursim

import "time"

// turn waits for the requests of the caller's token that arrived before, with OneAtATime, and for
// the time that a request takes. It returns what ends the turn. A real server has its reason in the
// database: each request updates the row of its token inside the transaction around the view.
func (c *call) turn() (end func()) {
	end = func() {}
	if c.options.OneAtATime {
		before, mine := c.turns[c.token], make(chan struct{})
		c.turns[c.token] = mine
		end = func() { close(mine) }
		if before != nil {
			c.Unlock()
			<-before
			c.Lock()
		}
	}
	c.pause(c.options.RequestTime)
	return end
}

// pause lets time pass without the lock: other requests are served meanwhile.
func (s *Sim) pause(d time.Duration) {
	if d > 0 {
		s.Unlock()
		time.Sleep(d)
		s.Lock()
	}
}
