package call

import (
	"slices"
	"time"

	"pushcall/files"
	"pushcall/internal/filestest"
)

func (p *testPeer) OpenFiles(events files.Events) (files.Channel, error) {
	w := p.world
	if err := w.fault(p, "OpenFiles"); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p.files = filestest.NewChannel(filestest.Path{
		Mutex:   &w.mu,
		Far:     func() *filestest.Channel { return p.far.files },
		Blocked: func() bool { return p.dead || p.far.dead || p.blocked() },
		Pace:    func(d time.Duration) time.Duration { return w.pace(p, d) },
		Post:    p.queue.Post,
	}, events)
	return p.files, nil
}

// fileKey tells one file of a call from another.
type fileKey struct {
	mine   bool
	number int
}

func (u *user) onFile(f files.File) {
	u.note(func() {
		if u.files == nil {
			u.files = map[fileKey]files.File{}
		}
		key := fileKey{f.Mine, f.Number}
		if before, known := u.files[key]; known && before.State.Over() {
			u.world.t.Errorf("%s: a file that is over has changed: %+v, then %+v", u.card.Name, before, f)
		}
		u.files[key] = f
	})
}

// number returns the number of the n-th file that the user has seen of a side.
func (u *user) number(mine bool, n int) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	var numbers []int
	for key := range u.files {
		if key.mine == mine {
			numbers = append(numbers, key.number)
		}
	}
	if slices.Sort(numbers); n > len(numbers) {
		u.world.t.Fatalf("%s has seen %d files", u.card.Name, len(numbers))
	}
	return numbers[n-1]
}

// file returns the n-th file of a side as the user sees it.
func (u *user) file(mine bool, n int) files.File {
	number := u.number(mine, n)
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.files[fileKey{mine, number}]
}

// accepts takes the n-th file that is offered to the user.
func (u *user) accepts(n int, into *filestest.Sink) { u.phone.AcceptFile(u.number(false, n), into) }

// cancels gives up the n-th file of a side.
func (u *user) cancels(mine bool, n int) { u.phone.CancelFile(mine, u.number(mine, n)) }
