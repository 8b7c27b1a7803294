package call

import (
	"context"

	"pushcall/files"
)

// SendFile offers a file to the other side; OnFile reports its progress. If too many files
// are offered, it puts the file into a queue, whose length OnQueue reports. SendFile does
// nothing unless the call is connected.
func (p *Phone) SendFile(from files.Source) {
	p.loop.Post(func() {
		if s := p.session; s != nil && s.talking() {
			s.files.Offer(from)
		}
	})
}

// AcceptFile accepts a file that the other side offers, and writes it into a sink. If the
// file is not offered any more, AcceptFile aborts the sink.
func (p *Phone) AcceptFile(number int, into files.Sink) {
	p.loop.Post(func() {
		if s := p.session; s == nil || !s.files.Accept(number, into) {
			into.Abort()
		}
	})
}

// CancelFile refuses a file of the other side, withdraws one of this side (mine), or
// gives up one that moves.
func (p *Phone) CancelFile(mine bool, number int) {
	p.loop.Post(func() {
		if s := p.session; s != nil {
			s.files.Cancel(mine, number)
		}
	})
}

// newFiles returns a session's Transfers, which use the session's link.
func (s *session) newFiles() *files.Transfers {
	p := s.phone
	return files.New(files.Config{
		Send: func(m files.Signal) {
			if s.inBand() {
				s.send(signal{kind: m.Kind, file: m})
			}
		},
		Open:    func(events files.Events) (files.Channel, error) { return s.openFiles(events) },
		HasPath: func() bool { return s.state == Connected },
		Post:    s.post,
		After:   s.later,
		Beside: func(f func(context.Context) func()) {
			p.loop.Beside(func() func() { return f(p.loop.Context()) })
		},
		OnFile: p.config.OnFile, OnQueue: p.config.OnQueue, OnDrop: p.config.OnDrop,
	})
}

// openFiles opens the channel for files on the session's link, or returns nil without an
// open link. Arriving pieces count as a sign of life of the other side.
func (s *session) openFiles(events files.Events) (files.Channel, error) {
	if !s.inBand() {
		return nil, nil
	}
	came := events.Came
	events.Came = func(number int, to int64) {
		s.post(func() {
			if s.inBand() && s.link.pulse != nil {
				s.link.pulse.noteHeard()
				s.pathRecovered()
			}
		})
		came(number, to)
	}
	return s.link.peer.OpenFiles(events)
}
