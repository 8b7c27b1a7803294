package call

import (
	"fmt"

	"pushcall/signaling"
)

// outgoing is a file that this side sends.
type outgoing struct {
	transfer
	source   Source
	finished bool // it was said that all was sent
}

func (p *Phone) offerFile(from Source) {
	s := p.session
	if s == nil || !s.talks() {
		return
	}
	s.files.queue = append(s.files.queue, from)
	if s.files.mine.full() {
		p.config.OnQueue(len(s.files.queue))
	} else {
		p.offerNext(s)
	}
}

// offerNext offers the file that has waited longest, if there is one.
func (p *Phone) offerNext(s *session) {
	if len(s.files.queue) == 0 {
		return
	}
	from := s.files.queue[0]
	s.files.queue = s.files.queue[1:]
	p.config.OnQueue(len(s.files.queue))
	f := &outgoing{source: from, transfer: transfer{File: File{
		Mine: true, Number: s.files.mine.newest + 1, Name: signaling.CleanFileName(from.Name()), Size: from.Size(), From: from,
	}}}
	s.files.mine.put(f)
	s.tell(signalFile, fileWords{number: f.Number, name: f.Name, size: f.Size})
	p.config.OnFile(f.File)
}

// receiveOfMine takes what the receiver of a file says of it.
func (p *Phone) receiveOfMine(s *session, m signal) error {
	f := s.files.mine.byNumber[m.file.number]
	switch {
	case f == nil:
		return fmt.Errorf("%w: %s of none", ErrFileSignal, m.kind)
	case f.State.over(): // it crossed this side's own end of it
	case m.kind == signalRefuse:
		p.refusedMine(s, f, m.file.why)
	case m.kind == signalTake && m.file.at <= f.reached() && (m.file.at%FilePiece == 0 || m.file.at == f.Size):
		p.sendFrom(s, f, m.file.at)
	case m.kind == signalGot && f.State == FileMoving && m.file.at <= f.reached():
		p.gotTo(s, f, m.file.at)
	case m.kind == signalSaved && f.finished:
		p.closeMine(s, f, FileDone, NoWhy)
	default:
		return fmt.Errorf("%w: %s at %d while %d of %d", ErrFileSignal, m.kind, m.file.at, f.reached(), f.Size)
	}
	return nil
}

// sendFrom sends a file from where its receiver wants it.
func (p *Phone) sendFrom(s *session, f *outgoing, at int64) {
	f.pieces = f.pieces[:(at+FilePiece-1)/FilePiece]
	f.Moved, f.finished = at, false
	if f.source.Changed() {
		p.failMine(s, f.Number, WhyRead)
		return
	}
	p.moving(s, &f.transfer)
	channel, err := p.fileChannel(s)
	if err != nil {
		p.fileFailed(s, true, f.Number, err)
		return
	}
	if channel != nil && !f.whole() {
		channel.Send(f.Number, f.source, at, at+fileWindow)
	}
	p.finishMine(s, f)
}

// gotTo lets a file be sent further.
func (p *Phone) gotTo(s *session, f *outgoing, at int64) {
	if at <= f.Moved {
		return
	}
	f.Moved = at
	if s.link.files != nil {
		s.link.files.Grant(f.Number, at+fileWindow)
	}
}

func (p *Phone) pieceSent(s *session, number int, at int64, piece Digest) {
	if f := s.files.mine.byNumber[number]; f != nil && f.State == FileMoving {
		f.add(at, piece)
		p.finishMine(s, f)
	}
}

// finishMine says that all of a file is sent, once it is.
func (p *Phone) finishMine(s *session, f *outgoing) {
	if f.whole() && !f.finished {
		f.finished = true
		s.tell(signalDone, fileWords{number: f.Number, digest: digestOf(f.pieces)})
	}
}

// refusedMine ends a file that its receiver does not want, or cannot have.
func (p *Phone) refusedMine(s *session, f *outgoing, why Why) {
	state := FileCancelled
	switch {
	case why != NoWhy:
		state = FileFailed
	case f.State == FileOffered:
		state = FileRefused
	}
	p.closeMine(s, f, state, why)
}

func (p *Phone) cancelMine(s *session, number int) {
	if f := s.files.mine.byNumber[number]; f != nil && !f.State.over() {
		s.tell(signalWithdraw, fileWords{number: number})
		f.ByMe = true
		p.closeMine(s, f, FileCancelled, NoWhy)
	}
}

func (p *Phone) failMine(s *session, number int, why Why) {
	if f := s.files.mine.byNumber[number]; f != nil && !f.State.over() {
		s.tell(signalWithdraw, fileWords{number: number, why: why})
		p.closeMine(s, f, FileFailed, why)
	}
}

// closeMine ends a file that is not over.
func (p *Phone) closeMine(s *session, f *outgoing, state FileState, why Why) {
	s.stopFile(true, f.Number)
	turn(s.files.mine.transfers())
	f.end(state, why)
	f.source = nil
	p.config.OnFile(f.File)
	p.offerNext(s)
}
