package files

import (
	"fmt"

	"pushcall/signaling"
)

// window is the most of a file that is sent and not yet acknowledged by got; octets.
const window = 8 << 20

// outgoing is a file that this side sends.
type outgoing struct {
	transfer
	source   Source
	finished bool // the done signal was sent
}

// offerNext offers the file that has waited longest in the queue, if there is one.
func (t *Transfers) offerNext() {
	if len(t.queue) == 0 {
		return
	}
	from := t.queue[0]
	t.queue = t.queue[1:]
	t.config.OnQueue(len(t.queue))
	f := &outgoing{source: from, transfer: transfer{File: File{
		Mine: true, Number: t.mine.newest + 1, Name: signaling.CleanFileName(from.Name()), Size: from.Size(), From: from,
	}}}
	t.mine.put(f)
	t.sendOffer(f)
	t.config.OnFile(f.File)
}

func (t *Transfers) sendOffer(f *outgoing) {
	t.config.Send(Signal{Kind: kindFile, Number: f.Number, Name: f.Name, Size: f.Size})
}

// receiveOfMine handles a signal about a file of this side.
func (t *Transfers) receiveOfMine(m Signal) error {
	f := t.mine.byNumber[m.Number]
	switch {
	case f == nil:
		return fmt.Errorf("%w: %s of none", ErrState, m.Kind)
	case f.State.Over(): // its receiver did not know yet that the file is over
	case m.Kind == kindRefuse:
		t.receiveRefuse(f, m.Why)
	case m.Kind == kindTake && m.At <= f.piecesEnd() && (m.At%PieceSize == 0 || m.At == f.Size):
		t.sendFrom(f, m.At)
	case m.Kind == kindGot && f.State == Moving && m.At <= f.piecesEnd():
		t.grant(f, m.At)
	case m.Kind == kindSaved && f.finished:
		t.closeMine(f, Done, NoWhy)
	default:
		return fmt.Errorf("%w: %s at %d while %d of %d", ErrState, m.Kind, m.At, f.piecesEnd(), f.Size)
	}
	return nil
}

// sendFrom sends a file from an offset on, as its receiver has asked.
func (t *Transfers) sendFrom(f *outgoing, at int64) {
	f.pieces = f.pieces[:(at+PieceSize-1)/PieceSize]
	f.Moved, f.finished = at, false
	if f.source.Changed() {
		t.failMine(f.Number, WhyRead)
		return
	}
	t.startMoving(&f.transfer)
	channel, err := t.open()
	if err != nil {
		t.channelFailed(true, f.Number, err)
		return
	}
	if channel != nil && !f.complete() {
		channel.Send(f.Number, f.source, at, at+window)
	}
	t.finishMine(f)
}

// grant lets the channel send a file up to window octets beyond the acknowledged offset
// at.
func (t *Transfers) grant(f *outgoing, at int64) {
	if at <= f.Moved {
		return
	}
	f.Moved = at
	if t.channel != nil {
		t.channel.Grant(f.Number, at+window)
	}
}

// pieceSent records the digest of a sent piece.
func (t *Transfers) pieceSent(number int, at int64, piece Digest) {
	if f := t.mine.byNumber[number]; f != nil && f.State == Moving {
		f.add(at, piece)
		t.finishMine(f)
	}
}

// finishMine sends the digest of a file that is sent completely.
func (t *Transfers) finishMine(f *outgoing) {
	if f.complete() && !f.finished {
		f.finished = true
		t.config.Send(Signal{Kind: kindDone, Number: f.Number, Digest: digestOf(f.pieces)})
	}
}

// receiveRefuse ends a file that its receiver does not want, or cannot write.
func (t *Transfers) receiveRefuse(f *outgoing, why Why) {
	state := Cancelled
	switch {
	case why != NoWhy:
		state = Failed
	case f.State == Offered:
		state = Refused
	}
	t.closeMine(f, state, why)
}

func (t *Transfers) cancelMine(number int) {
	if f := t.mine.byNumber[number]; f != nil && !f.State.Over() {
		t.config.Send(Signal{Kind: kindWithdraw, Number: number})
		f.ByMe = true
		t.closeMine(f, Cancelled, NoWhy)
	}
}

func (t *Transfers) failMine(number int, why Why) {
	if f := t.mine.byNumber[number]; f != nil && !f.State.Over() {
		t.config.Send(Signal{Kind: kindWithdraw, Number: number, Why: why})
		t.closeMine(f, Failed, why)
	}
}

// closeMine stops the transfer of a file of this side, sets its final state, and offers
// the next file of the queue.
func (t *Transfers) closeMine(f *outgoing, state State, why Why) {
	t.stop(true, f.Number)
	limitIdle(t.mine.transfers())
	f.end(state, why)
	f.source = nil
	t.config.OnFile(f.File)
	t.offerNext()
}
