package files

import (
	"context"
	"errors"
	"fmt"
)

const (
	maxUnwritten = 4 << 20    // the most octets that are acknowledged before they are written
	gotStep      = window / 4 // octets between two got signals for written pieces
)

// incoming is a file that the other side sends.
type incoming struct {
	transfer
	sink     Sink
	digest   *Digest // of the whole file; nil before done
	reported int64   // the offset of the last got signal
	closing  bool    // all of it is written, and the sink is being closed
}

// receiveOfTheirs handles a signal about a file of the other side.
func (t *Transfers) receiveOfTheirs(m Signal) error {
	f := t.theirs.byNumber[m.Number]
	switch {
	case m.Kind == kindFile && f == nil:
		return t.receiveOffer(m)
	case m.Kind == kindFile:
		t.repeatAnswer(f)
	case f == nil && m.Kind == kindDone:
		return fmt.Errorf("%w: %s of none", ErrState, m.Kind)
	case f == nil || f.State.Over(): // its sender did not know yet that the file is over
	case m.Kind == kindWithdraw:
		t.receiveWithdraw(f, m.Why)
	case f.State == Moving:
		f.digest = &m.Digest
		t.finishTheirs(f)
	default:
		return fmt.Errorf("%w: %s while it is offered", ErrState, m.Kind)
	}
	return nil
}

// receiveOffer shows a new file to the person, and refuses a file that this side has
// forgotten.
func (t *Transfers) receiveOffer(m Signal) error {
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

// repeatAnswer answers an offer that the sender has repeated over a new link.
func (t *Transfers) repeatAnswer(f *incoming) {
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

// take asks the sender for a file from the first unwritten piece on. The sender repeats
// that piece even if a part of it has arrived over an earlier link.
func (t *Transfers) take(f *incoming) {
	f.Moved, f.digest = f.piecesEnd(), nil
	f.reported = f.Moved
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

// noteArrived records the offset up to which a file has arrived.
func (t *Transfers) noteArrived(number int, to int64) {
	if f := t.theirs.byNumber[number]; f != nil && f.State == Moving && to <= f.Size {
		f.Moved = max(f.Moved, to)
		t.sendGot(f, 1)
	}
}

// sendGot tells the sender the offset up to which a file has arrived, but at most
// maxUnwritten beyond the written pieces. It sends nothing if that is less than step
// octets beyond the offset told before.
func (t *Transfers) sendGot(f *incoming, step int64) {
	if at := min(f.Moved, f.piecesEnd()+maxUnwritten); at >= f.reported+step {
		f.reported = at
		t.config.Send(Signal{Kind: kindGot, Number: f.Number, At: at})
	}
}

// pieceWritten records the digest of a written piece.
func (t *Transfers) pieceWritten(number int, at int64, piece Digest) {
	f := t.theirs.byNumber[number]
	if f == nil || f.State != Moving {
		return
	}
	f.add(at, piece)
	f.Moved = max(f.Moved, f.piecesEnd())
	t.sendGot(f, gotStep)
	t.finishTheirs(f)
}

// finishTheirs closes the sink of a file that is written completely, if its digest is
// the sender's, and else fails the file.
func (t *Transfers) finishTheirs(f *incoming) {
	if f.digest == nil || !f.complete() || f.closing {
		return
	}
	if digestOf(f.pieces) != *f.digest {
		t.failTheirs(f.Number, WhyDamaged)
		return
	}
	f.closing = true
	t.config.Beside(func(ctx context.Context) func() {
		err := f.sink.Close(ctx)
		return func() { t.sinkClosed(f, err) }
	})
}

// sinkClosed ends a file after its sink was closed. The call may be over by then.
func (t *Transfers) sinkClosed(f *incoming, err error) {
	f.closing = false
	switch {
	case f.State.Over():
		f.sink.Abort()
	case err != nil:
		t.config.OnDrop(err)
		t.failTheirs(f.Number, causeOf(err))
	default:
		t.config.Send(Signal{Kind: kindSaved, Number: f.Number})
		f.end(Done, NoWhy)
		t.config.OnFile(f.File)
	}
}

func (t *Transfers) receiveWithdraw(f *incoming, why Why) {
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

// closeTheirs stops the transfer of a file of the other side, aborts its sink, and sets
// its final state.
func (t *Transfers) closeTheirs(f *incoming, state State, why Why) {
	t.stop(false, f.Number)
	limitIdle(t.theirs.transfers())
	if f.sink != nil {
		f.sink.Abort()
	}
	f.end(state, why)
	t.config.OnFile(f.File)
}

// causeOf returns the cause of failure for an error of a sink.
func causeOf(err error) Why {
	if errors.Is(err, ErrNoRoom) {
		return WhyRoom
	}
	return WhyWrite
}
