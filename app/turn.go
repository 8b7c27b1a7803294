package app

import "context"

// A turn is a lock for steps that wait for the browser or the network. Other than
// with a sync.Mutex, who waits for it can give up; and it is seen in virtual time.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits until nobody has the turn. Its error is that of ctx.
func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tryTake takes the turn if nobody has it.
func (t turn) tryTake() bool {
	select {
	case t <- struct{}{}:
		return true
	default:
		return false
	}
}

// end gives the turn to the next.
func (t turn) end() { <-t }
