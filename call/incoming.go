package call

import (
	"errors"
	"fmt"
)

// incoming is a file that the other side sends.
type incoming struct {
	transfer
	sink    Sink
	digest  *Digest // what it is to be, once its sender has sent all
	told    int64   // how far its sender knows that it has come
	closing bool    // it is whole, and the sink is being closed
}

// receiveOfTheirs takes what the sender of a file says of it.
func (p *Phone) receiveOfTheirs(s *session, m signal) error {
	f := s.files.theirs.byNumber[m.file.number]
	switch {
	case m.kind == signalFile && f == nil:
		return p.offeredFile(s, m.file)
	case m.kind == signalFile:
		p.answerAgain(s, f)
	case f == nil && m.kind == signalDone:
		return fmt.Errorf("%w: %s of none", ErrFileSignal, m.kind)
	case f == nil || f.State.over(): // it crossed this side's own end of it
	case m.kind == signalWithdraw:
		p.withdrawn(s, f, m.file.why)
	case f.State == FileMoving:
		f.digest = &m.file.digest
		p.finishTheirs(s, f)
	default:
		return fmt.Errorf("%w: %s while it is offered", ErrFileSignal, m.kind)
	}
	return nil
}

// offeredFile takes a file that was not heard of before, or is forgotten.
func (p *Phone) offeredFile(s *session, words fileWords) error {
	table := &s.files.theirs
	if words.number <= table.newest {
		s.tell(signalRefuse, fileWords{number: words.number})
		return nil
	}
	if table.full() {
		s.tell(signalRefuse, fileWords{number: words.number, why: WhyMany})
		return ErrManyFiles
	}
	f := &incoming{transfer: transfer{File: File{Number: words.number, Name: words.name, Size: words.size}}}
	table.put(f)
	p.config.OnFile(f.File)
	return nil
}

// answerAgain says over a new link how it is with a file.
func (p *Phone) answerAgain(s *session, f *incoming) {
	switch f.State {
	case FileOffered:
	case FileMoving:
		p.takeFile(s, f)
	case FileDone:
		s.tell(signalSaved, fileWords{number: f.Number})
	default:
		s.tell(signalRefuse, fileWords{number: f.Number, why: f.Why})
	}
}

func (p *Phone) acceptFile(s *session, number int, into Sink) bool {
	f := s.files.theirs.byNumber[number]
	if f == nil || f.State != FileOffered {
		return false
	}
	f.sink = into
	p.moving(s, &f.transfer)
	p.takeFile(s, f)
	return true
}

// takeFile has a file sent, from where it reaches to. What came of the next piece
// over a link before is sent again.
func (p *Phone) takeFile(s *session, f *incoming) {
	f.Moved, f.digest = f.reached(), nil
	f.told = f.Moved
	channel, err := p.fileChannel(s)
	if err != nil {
		p.fileFailed(s, false, f.Number, err)
		return
	}
	if channel != nil {
		channel.Take(f.Number, f.sink, f.Moved, f.Size)
		s.tell(signalTake, fileWords{number: f.Number, at: f.Moved})
	}
}

// fileCame takes note of how far a file has come.
func (p *Phone) fileCame(s *session, number int, to int64) {
	if f := s.files.theirs.byNumber[number]; f != nil && f.State == FileMoving && to <= f.Size {
		f.Moved = max(f.Moved, to)
		p.tellCame(s, f, 1)
	}
}

// tellCame says how far a file has come, but for what is not written soon, where
// that is so much further than was told.
func (p *Phone) tellCame(s *session, f *incoming, step int64) {
	if at := min(f.Moved, f.reached()+fileUnkept); at >= f.told+step {
		f.told = at
		s.tell(signalGot, fileWords{number: f.Number, at: at})
	}
}

func (p *Phone) pieceKept(s *session, number int, at int64, piece Digest) {
	f := s.files.theirs.byNumber[number]
	if f == nil || f.State != FileMoving {
		return
	}
	f.add(at, piece)
	f.Moved = max(f.Moved, f.reached())
	p.tellCame(s, f, fileStep)
	p.finishTheirs(s, f)
}

// finishTheirs keeps a file once all of it has come and is what was sent.
func (p *Phone) finishTheirs(s *session, f *incoming) {
	if f.digest == nil || !f.whole() || f.closing {
		return
	}
	if digestOf(f.pieces) != *f.digest {
		p.failTheirs(s, f.Number, WhyDamaged)
		return
	}
	f.closing = true
	p.loop.Beside(func() func() {
		err := f.sink.Close(p.loop.Context())
		return func() { p.closed(s, f, err) }
	})
}

// closed takes note that a file was kept, be it after the call.
func (p *Phone) closed(s *session, f *incoming, err error) {
	f.closing = false
	switch {
	case f.State.over():
		f.sink.Abort()
	case err != nil:
		p.config.OnDrop(err)
		p.failTheirs(s, f.Number, whyNot(err))
	default:
		s.tell(signalSaved, fileWords{number: f.Number})
		f.end(FileDone, NoWhy)
		p.config.OnFile(f.File)
	}
}

func (p *Phone) withdrawn(s *session, f *incoming, why Why) {
	state := FileCancelled
	if why != NoWhy {
		state = FileFailed
	}
	p.closeTheirs(s, f, state, why)
}

func (p *Phone) cancelTheirs(s *session, number int) {
	f := s.files.theirs.byNumber[number]
	if f == nil || f.State.over() {
		return
	}
	s.tell(signalRefuse, fileWords{number: number})
	f.ByMe = true
	state := FileCancelled
	if f.State == FileOffered {
		state = FileRefused
	}
	p.closeTheirs(s, f, state, NoWhy)
}

func (p *Phone) failTheirs(s *session, number int, why Why) {
	if f := s.files.theirs.byNumber[number]; f != nil && !f.State.over() {
		s.tell(signalRefuse, fileWords{number: number, why: why})
		p.closeTheirs(s, f, FileFailed, why)
	}
}

// closeTheirs ends a file that is not over.
func (p *Phone) closeTheirs(s *session, f *incoming, state FileState, why Why) {
	s.stopFile(false, f.Number)
	turn(s.files.theirs.transfers())
	if f.sink != nil {
		f.sink.Abort()
	}
	f.end(state, why)
	p.config.OnFile(f.File)
}

// whyNot tells why a sink does not take a file.
func whyNot(err error) Why {
	if errors.Is(err, ErrNoRoom) {
		return WhyRoom
	}
	return WhyWrite
}
