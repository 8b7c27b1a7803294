package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// A BusyError is what a Config.Push returns when a message was turned away on
// its way, and the push service has not seen it: the relays have too much to do.
type BusyError struct {
	RetryAfter time.Duration // until it is worth trying again
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("call: the relays are busy, retry after %v", e.RetryAfter)
}

// Unwrap says that the message did not reach the push service.
func (e *BusyError) Unwrap() error { return ErrUndelivered }

// pushPatiently pushes a message of a session, and again when relays or the push
// service ask to wait with it for less than a ring lasts. The person is told
// meanwhile. Of a call whose path was lost, the network may be away for a while.
func (p *Phone) pushPatiently(ctx context.Context, s *session, m signaling.Message, then func(error)) {
	remote, last := s.remote, time.Now().Add(RingTime)
	if !s.outgoing && !s.accepted {
		ctx = Unasked(ctx)
	}
	var attempt func()
	attempt = func() {
		p.loop.Beside(func() func() {
			err := p.push(ctx, remote, m)
			return func() {
				wait, asked := waitOf(err)
				if !asked && m.Round > 0 && errors.Is(err, ErrUndelivered) {
					wait, asked = settleTime, true
				}
				if ctx.Err() != nil || !asked || !time.Now().Add(wait).Before(last) {
					s.pushAgainAt(time.Time{}, nil)
					then(err)
					return
				}
				s.pushAgainAt(time.Now().Add(wait), err)
				p.loop.Beside(func() func() {
					if sleep(ctx, wait) != nil {
						return func() { then(err) }
					}
					return attempt
				})
			}
		})
	}
	attempt()
}

// waitOf returns how long whoever turned a message away asks to wait with it.
func waitOf(err error) (wait time.Duration, asked bool) {
	var busy *BusyError
	var tooMany *webpush.TooManyRequestsError
	var unavailable *webpush.UnavailableError
	switch {
	case errors.As(err, &busy):
		return busy.RetryAfter, true
	case errors.As(err, &unavailable):
		return unavailable.RetryAfter, true
	case errors.As(err, &tooMany):
		return tooMany.RetryAfter, tooMany.RetryAfter > 0
	}
	return 0, false
}

// pushAgainAt shows until when the session waits, and why; zero: it does not.
func (s *session) pushAgainAt(at time.Time, why error) {
	if s.phone.session == s && s.again != at {
		s.again, s.turnedAway = at, why
		s.show(s.state)
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
