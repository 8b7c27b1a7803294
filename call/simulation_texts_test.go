package call

import "fmt"

// simulatedText is a text that somebody has written.
type simulatedText struct {
	from          *person
	page          int // that it was written in
	number        int
	came          bool
	arrived, lost bool // as its writer is told
}

// write has a person write something, or their script write a lot.
func (p *person) write(phone *Phone, move uint64) {
	n := uint64(1)
	if p.s.chance(0.1, 't', p.i, move) {
		n = p.s.draw('T', p.i, move) % (3 * textBurst)
	}
	for i := range n {
		phone.SendText(fmt.Sprintf("%s's %d of move %d", p.name, i, move))
	}
}

func (p *person) onText(x Text, page int) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.Mine {
		s.texts = append(s.texts, &simulatedText{from: p, page: page, number: x.Number})
		s.byText[x.Text] = s.texts[len(s.texts)-1]
		return
	}
	s.noteLocked(p.name, "has the text %q", x.Text)
	s.checkText(p)
	t, key := s.byText[x.Text], [2]*person{p, nil}
	if t == nil {
		s.failLocked("%s gets a text that nobody wrote", p.name)
		return
	}
	key[1] = t.from
	if t.came || t.number <= s.newest[key] {
		s.failLocked("%s gets %q again, or out of order", p.name, x.Text)
	}
	if t.lost && s.faults.lossless() {
		s.failLocked("%s gets %q, which is lost", p.name, x.Text)
	}
	t.came, s.newest[key] = true, t.number
}

// onArrived checks that the texts reported as arrived have arrived.
func (p *person) onArrived(number, page int) {
	p.s.forEachText(p, page, func(t *simulatedText) {
		if t.number <= number && !t.lost {
			t.arrived = true
			if !t.came {
				p.s.failLocked("%s is told that a text has arrived, and it has not", p.name)
			}
		}
	})
}

// onLost checks that no lost text was reported as arrived, or has arrived in a schedule
// without faults.
func (p *person) onLost(from, page int) {
	p.s.forEachText(p, page, func(t *simulatedText) {
		if t.number < from {
			return
		}
		t.lost = true
		if t.arrived || t.came && p.s.faults.lossless() {
			p.s.failLocked("%s is told that a text is lost, and it is not", p.name)
		}
	})
}

// forEachText calls f with each text that was written on a page.
func (s *simulation) forEachText(p *person, page int, f func(*simulatedText)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.texts {
		if t.from == p && t.page == page {
			f(t)
		}
	}
}

// checkTexts checks, after the end, that each text was reported as arrived or lost, if its
// page still exists.
func (s *simulation) checkTexts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.texts {
		if t.page == t.from.pages && t.arrived == t.lost {
			s.failLocked("a text of %s: arrived %v, lost %v", t.from.name, t.arrived, t.lost)
		}
	}
}
