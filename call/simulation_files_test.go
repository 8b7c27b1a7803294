package call

import (
	"fmt"

	"pushcall/files"
	"pushcall/internal/filestest"
)

// simulatedFile is a file as the simulation knows it. Its name is unique.
type simulatedFile struct {
	name        string
	source      *filestest.Source
	sink        *filestest.Sink // nil before it is accepted
	sender      *person
	receiver    *person
	here, there files.File // as its sender and its receiver see it
	page        int        // of its receiver: another is offered it anew
}

// sendFile offers a file, one for each of a person's moves.
func (p *person) sendFile(move uint64) {
	s := p.s
	f := &simulatedFile{name: fmt.Sprintf("%s %d", p.name, move), sender: p}
	size := int64(s.draw('z', p.i, move) % (60 * files.PieceSize))
	if s.chance(0.1, 'Z', p.i, move) {
		size = size / files.PieceSize * files.PieceSize
	}
	f.source = &filestest.Source{Title: f.name, Octets: size, Seed: byte(s.draw('o', p.i, move))}
	if s.chance(0.05, 'F', p.i, move) {
		f.source.Fails = size/2 + 1
	} else if s.chance(0.03, 'H', p.i, move) {
		f.source.Hangs = size/2 + 1
	}
	s.mu.Lock()
	s.files[f.name] = f
	s.mu.Unlock()
	p.phone.SendFile(f.source)
}

func (p *person) onFile(f files.File, page int) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noteLocked(p.name, "file %q, mine %v: state %d, %d of %d, why %d", f.Name, f.Mine, f.State, f.Moved, f.Size, f.Why)
	x := s.files[f.Name]
	if x == nil || f.Size != x.source.Octets {
		s.failLocked("%s has a file that nobody sent: %+v", p.name, f)
		return
	}
	before := &x.there
	if f.Mine {
		before = &x.here
	} else if x.receiver = p; x.page != page {
		x.page, x.sink, x.there = page, nil, files.File{}
	}
	if before.State.Over() {
		s.failLocked("%s: a file that is over has changed: %+v", p.name, f)
	}
	if f.Moved > f.Size {
		s.failLocked("%s: %d octets have come of %d", p.name, f.Moved, f.Size)
	}
	*before = f
	if f.State == files.Done {
		s.checkArrival(p, x, f)
	}
	if f.State == files.Offered && !f.Mine {
		p.decide(x, f.Number)
	}
}

// checkArrival checks that a complete file is the one that was sent, and that its receiver
// reports that before its sender; s.mu is held.
func (s *simulation) checkArrival(p *person, x *simulatedFile, f files.File) {
	if x.sink == nil || !x.sink.Has(x.source) {
		s.failLocked("%s: %q is not what was sent", p.name, x.name)
	}
	if f.Mine && x.there.State != files.Done {
		s.failLocked("%s takes %q for arrived, and it is not", p.name, x.name)
	}
}

// decide decides about a file that is offered; s.mu is held.
func (p *person) decide(x *simulatedFile, number int) {
	s, phone := p.s, p.phone
	pick := s.draw('q', p.i, uint64(number), p.moves) % 100
	if pick >= 90 {
		return
	}
	s.mu.Unlock()
	defer s.mu.Lock()
	s.after(s.drawTime(0, 2e9, 'Q', p.i, uint64(number), p.moves), func() {
		if pick >= 80 {
			phone.CancelFile(false, number)
			return
		}
		s.mu.Lock()
		if !p.open || p.phone != phone {
			s.mu.Unlock()
			return
		}
		x.sink = &filestest.Sink{}
		if pick < 5 {
			x.sink.Room = x.source.Octets/2 + 1
		} else if pick < 8 {
			x.sink.Hangs = x.source.Octets/2 + 1
		}
		sink := x.sink
		s.mu.Unlock()
		phone.AcceptFile(number, sink)
	})
	if pick > 70 {
		giver, mine := p.phone, false
		if pick%2 == 0 {
			giver, mine = x.sender.phone, true
		}
		s.after(s.drawTime(0, 4e9, 'C', p.i, uint64(number), p.moves), func() { giver.CancelFile(mine, number) })
	}
}

// filesMove reports whether a file is moving in a call that has not ended; s.mu is held.
func (s *simulation) filesMove() bool {
	for _, f := range s.files {
		if f.here.State == files.Moving && f.sender.now.State == Connected {
			return true
		}
	}
	return false
}

// checkFiles checks, after all calls, that the state of each file is final.
func (s *simulation) checkFiles() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.files {
		if f.here.Number > 0 && !f.here.State.Over() || f.receiver != nil && !f.there.State.Over() {
			s.failLocked("%q is neither here nor there: %+v, %+v", f.name, f.here, f.there)
		}
		if f.sink != nil && f.there.State != files.Done && !f.sink.Aborted() {
			s.failLocked("half of %q is kept", f.name)
		}
	}
}
