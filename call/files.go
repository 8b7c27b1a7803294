package call

import (
	"context"

	"pushcall/files"
)

// SendFile offers a file to the other side; OnFile shows its progress. While too many
// are under way it waits in a queue, whose length OnQueue tells. SendFile does nothing
// unless the call is connected.
func (p *Phone) SendFile(from files.Source) {
	p.loop.Post(func() {
		if s := p.session; s != nil && s.talks() {
			s.files.Offer(from)
		}
	})
}

// AcceptFile has a file that is offered here sent into a sink. If the file is not
// offered any more, the sink is aborted.
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

// newFiles returns the files of a session.
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
		Post:    s.on,
		After:   s.later,
		Beside: func(f func(context.Context) func()) {
			p.loop.Beside(func() func() { return f(p.loop.Context()) })
		},
		OnFile: p.config.OnFile, OnQueue: p.config.OnQueue, OnDrop: p.config.OnDrop,
	})
}

// openFiles opens the channel for files of the session's link, if there is a link.
// Pieces that arrive are a sign of life of the other side.
func (s *session) openFiles(events files.Events) (files.Channel, error) {
	if !s.inBand() {
		return nil, nil
	}
	came := events.Came
	events.Came = func(number int, to int64) {
		s.on(func() {
			if s.inBand() && s.link.pulse != nil {
				s.link.pulse.heardNow()
				s.recovered()
			}
		})
		came(number, to)
	}
	return s.link.peer.OpenFiles(events)
}
