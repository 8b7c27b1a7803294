package files_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/files"
	"pushcall/internal/filestest"
	"pushcall/internal/jsonobject"
	"pushcall/internal/loop"
)

// pair is the two sides of a call, with a link in memory. It runs in the virtual time
// of a synctest bubble.
type pair struct {
	t          *testing.T
	alice, bob *side

	mu      sync.Mutex
	link    int      // counts the links
	dead    bool     // nothing arrives over this link any more
	cut     bool     // nothing arrives; signals wait
	waiting []func() // signals
}

// side is one of two people, with the goroutine that owns their files.
type side struct {
	name      string
	pair      *pair
	far       *side
	loop      *loop.Loop
	transfers *files.Transfers

	// pair.mu guards these.
	channel *filestest.Channel // of this link; nil before it is opened
	files   map[key]files.File
	queue   int
	drops   []error
}

// key tells one file of a call from another.
type key struct {
	mine   bool
	number int
}

// talking runs f in a synctest bubble with two sides and a link between them.
func talking(t *testing.T, f func(t *testing.T, p *pair, alice, bob *side)) {
	synctest.Test(t, func(t *testing.T) {
		p := &pair{t: t}
		p.alice, p.bob = p.side("alice"), p.side("bob")
		p.alice.far, p.bob.far = p.bob, p.alice
		f(t, p, p.alice, p.bob)
	})
}

func (p *pair) side(name string) *side {
	s := &side{name: name, pair: p, files: map[key]files.File{}, loop: loop.New(func(err error) { p.t.Error(err) })}
	p.t.Cleanup(s.loop.Close)
	s.transfers = files.New(files.Config{
		Send: s.send,
		Open: s.open,
		HasPath: func() bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			return !p.dead && !p.cut
		},
		Post:  s.loop.Post,
		After: func(d time.Duration, f func()) { time.AfterFunc(d, func() { s.loop.Post(f) }) },
		Beside: func(f func(context.Context) func()) {
			s.loop.Beside(func() func() { return f(s.loop.Context()) })
		},
		OnFile:  s.onFile,
		OnQueue: func(n int) { p.change(func() { s.queue = n }) },
		OnDrop:  s.drop,
	})
	return s
}

func (p *pair) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// send formats a signal and sends it to the far side.
func (s *side) send(m files.Signal) {
	var b jsonobject.Builder
	b.String("type", m.Kind)
	m.Format(&b)
	s.says(string(b.Bytes()))
}

// says sends an in-band message to the far side.
func (s *side) says(text string) {
	p := s.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return
	}
	link, far := p.link, s.far
	deliver := func() { far.loop.Post(func() { far.receive(link, text) }) }
	if p.cut {
		p.waiting = append(p.waiting, deliver)
	} else {
		deliver()
	}
}

// receive handles an in-band message that came over a link.
func (s *side) receive(link int, text string) {
	s.pair.mu.Lock()
	late := link != s.pair.link
	s.pair.mu.Unlock()
	if late {
		return
	}
	object, err := jsonobject.Parse([]byte(text))
	if err != nil || !files.IsSignal(object.String("type")) {
		s.pair.t.Errorf("%s got %s, %v", s.name, text, err)
		return
	}
	m, err := files.Parse(object.String("type"), object)
	if err != nil {
		s.drop(err)
		return
	}
	s.transfers.Receive(m)
}

func (s *side) open(events files.Events) (files.Channel, error) {
	p := s.pair
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return nil, nil
	}
	s.channel = filestest.NewChannel(filestest.Path{
		Mutex:   &p.mu,
		Far:     func() *filestest.Channel { return s.far.channel },
		Blocked: func() bool { return p.dead || p.cut },
		Pace:    func(d time.Duration) time.Duration { return d },
		Post:    func(f func()) { f() }, // which posts to the side's loop
	}, events)
	return s.channel, nil
}

// heal restores the path, and delivers the signals that waited for it.
func (p *pair) heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = false
	for _, deliver := range p.waiting {
		deliver()
	}
	p.waiting = nil
}

// kill removes the path for good. Both sides notice it at once.
func (p *pair) kill() {
	p.change(func() { p.dead = true })
	for _, s := range []*side{p.alice, p.bob} {
		s.loop.Post(s.transfers.Unlink)
	}
	wait(0)
}

// relink gives both sides another link.
func (p *pair) relink() {
	p.change(func() {
		p.link++
		p.dead, p.alice.channel, p.bob.channel = false, nil, nil
	})
	for _, s := range []*side{p.alice, p.bob} {
		s.loop.Post(s.transfers.Resume)
	}
}

// end ends the call.
func (p *pair) end() {
	for _, s := range []*side{p.alice, p.bob} {
		s.loop.Post(s.transfers.End)
	}
}

func (s *side) drop(err error) { s.pair.change(func() { s.drops = append(s.drops, err) }) }

func (s *side) dropped(err error) bool {
	return slices.ContainsFunc(s.drops, func(e error) bool { return errors.Is(e, err) })
}

func (s *side) onFile(f files.File) {
	s.pair.change(func() {
		k := key{f.Mine, f.Number}
		if before, known := s.files[k]; known && before.State.Over() {
			s.pair.t.Errorf("%s: a file that is over has changed: %+v, then %+v", s.name, before, f)
		}
		s.files[k] = f
	})
}

// number returns the number of the n-th file that the side has seen, of its own or
// of the far side.
func (s *side) number(mine bool, n int) int {
	s.pair.mu.Lock()
	defer s.pair.mu.Unlock()
	var numbers []int
	for k := range s.files {
		if k.mine == mine {
			numbers = append(numbers, k.number)
		}
	}
	if slices.Sort(numbers); n > len(numbers) {
		s.pair.t.Fatalf("%s has seen %d files", s.name, len(numbers))
	}
	return numbers[n-1]
}

// file returns the n-th file as the side sees it.
func (s *side) file(mine bool, n int) files.File {
	number := s.number(mine, n)
	s.pair.mu.Lock()
	defer s.pair.mu.Unlock()
	return s.files[key{mine, number}]
}

func (s *side) offers(from files.Source) { s.loop.Post(func() { s.transfers.Offer(from) }) }

// accepts takes the n-th file that is offered to the side.
func (s *side) accepts(n int, into files.Sink) {
	number := s.number(false, n)
	s.loop.Post(func() {
		if !s.transfers.Accept(number, into) {
			into.Abort()
		}
	})
}

// cancels gives up the n-th file.
func (s *side) cancels(mine bool, n int) {
	number := s.number(mine, n)
	s.loop.Post(func() { s.transfers.Cancel(mine, number) })
}

// wait lets virtual time pass.
func wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
