package files

import (
	"context"
	"errors"
	"fmt"
)

const (
	maxUnwritten = 4 << 20    // octets that may have arrived and not be written before the sender waits
	gotStep      = window / 4 // octets that are written before the sender is told
)

// incoming is a file that the other side sends.
type incoming struct {
	transfer
	sink    Sink
	digest  *Digest // of the whole file, once its sender has sent all
	told    int64   // the offset up to which its sender knows that it has arrived
	closing bool    // it is whole, and the sink is being closed
}

// receiveOfTheirs takes a signal about a file of the other side.
func (t *Transfers) receiveOfTheirs(m Signal) error {
	f := t.theirs.byNumber[m.Number]
	switch {
	case m.Kind == kindFile && f == nil:
		return t.offered(m)
	case m.Kind == kindFile:
		t.answerAgain(f)
	case f == nil && m.Kind == kindDone:
		return fmt.Errorf("%w: %s of none", ErrState, m.Kind)
	case f == nil || f.State.Over(): // it crossed this side's own end of the file
	case m.Kind == kindWithdraw:
		t.withdrawn(f, m.Why)
	case f.State == Moving:
		f.digest = &m.Digest
		t.finishTheirs(f)
	default:
		return fmt.Errorf("%w: %s while it is offered", ErrState, m.Kind)
	}
	return nil
}

// offered takes a file that is new to this side, and refuses one that is forgotten.
func (t *Transfers) offered(m Signal) error {
	if m.Number <= t.theirs.newest {
		t.config.Send(Signal{Kind: kindRefuse, Number: m.Number})
		return nil
	}
	if t.theirs.full() {
		t.config.Send(Signal{Kind: kindRefuse, Number: m.Number, Why: WhyMany})
		return ErrTooMany
	}
	f := &incoming{transfer: transfer{File: File{Number: m.Number, Name: m.Name, Size: m.Size}}}
	t.theirs.put(f)
	t.config.OnFile(f.File)
	return nil
}

// answerAgain tells the sender over a new link the state of a file.
func (t *Transfers) answerAgain(f *incoming) {
	switch f.State {
	case Offered:
	case Moving:
		t.take(f)
	case Done:
		t.config.Send(Signal{Kind: kindSaved, Number: f.Number})
	default:
		t.config.Send(Signal{Kind: kindRefuse, Number: f.Number, Why: f.Why})
	}
}

// take asks for a file from the first piece on that is not written. What arrived of
// that piece over an earlier link is sent again.
func (t *Transfers) take(f *incoming) {
	f.Moved, f.digest = f.reached(), nil
	f.told = f.Moved
	channel, err := t.open()
	if err != nil {
		t.channelFailed(false, f.Number, err)
		return
	}
	if channel != nil {
		channel.Take(f.Number, f.sink, f.Moved, f.Size)
		t.config.Send(Signal{Kind: kindTake, Number: f.Number, At: f.Moved})
	}
}

// came notes the offset up to which a file has arrived.
func (t *Transfers) came(number int, to int64) {
	if f := t.theirs.byNumber[number]; f != nil && f.State == Moving && to <= f.Size {
		f.Moved = max(f.Moved, to)
		t.sendGot(f, 1)
	}
}

// sendGot tells the sender how far a file has arrived, but no further than
// maxUnwritten beyond what is written, where that is at least step more than it
// knows.
func (t *Transfers) sendGot(f *incoming, step int64) {
	if at := min(f.Moved, f.reached()+maxUnwritten); at >= f.told+step {
		f.told = at
		t.config.Send(Signal{Kind: kindGot, Number: f.Number, At: at})
	}
}

func (t *Transfers) pieceKept(number int, at int64, piece Digest) {
	f := t.theirs.byNumber[number]
	if f == nil || f.State != Moving {
		return
	}
	f.add(at, piece)
	f.Moved = max(f.Moved, f.reached())
	t.sendGot(f, gotStep)
	t.finishTheirs(f)
}

// finishTheirs closes the sink of a file once all of it is written, if its digest is
// the sender's.
func (t *Transfers) finishTheirs(f *incoming) {
	if f.digest == nil || !f.whole() || f.closing {
		return
	}
	if digestOf(f.pieces) != *f.digest {
		t.failTheirs(f.Number, WhyDamaged)
		return
	}
	f.closing = true
	t.config.Beside(func(ctx context.Context) func() {
		err := f.sink.Close(ctx)
		return func() { t.closed(f, err) }
	})
}

// closed ends a file whose sink was closed, even after the call.
func (t *Transfers) closed(f *incoming, err error) {
	f.closing = false
	switch {
	case f.State.Over():
		f.sink.Abort()
	case err != nil:
		t.config.OnDrop(err)
		t.failTheirs(f.Number, whyNot(err))
	default:
		t.config.Send(Signal{Kind: kindSaved, Number: f.Number})
		f.end(Done, NoWhy)
		t.config.OnFile(f.File)
	}
}

func (t *Transfers) withdrawn(f *incoming, why Why) {
	state := Cancelled
	if why != NoWhy {
		state = Failed
	}
	t.closeTheirs(f, state, why)
}

func (t *Transfers) cancelTheirs(number int) {
	f := t.theirs.byNumber[number]
	if f == nil || f.State.Over() {
		return
	}
	t.config.Send(Signal{Kind: kindRefuse, Number: number})
	f.ByMe = true
	state := Cancelled
	if f.State == Offered {
		state = Refused
	}
	t.closeTheirs(f, state, NoWhy)
}

func (t *Transfers) failTheirs(number int, why Why) {
	if f := t.theirs.byNumber[number]; f != nil && !f.State.Over() {
		t.config.Send(Signal{Kind: kindRefuse, Number: number, Why: why})
		t.closeTheirs(f, Failed, why)
	}
}

// closeTheirs ends a file of the other side that is not over.
func (t *Transfers) closeTheirs(f *incoming, state State, why Why) {
	t.stop(false, f.Number)
	turn(t.theirs.transfers())
	if f.sink != nil {
		f.sink.Abort()
	}
	f.end(state, why)
	t.config.OnFile(f.File)
}

// whyNot returns the cause of failure for an error of a sink.
func whyNot(err error) Why {
	if errors.Is(err, ErrNoRoom) {
		return WhyRoom
	}
	return WhyWrite
}
