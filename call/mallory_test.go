package call

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// TestSimulationMallory runs schedules in which two or three people use their phones while an
// attacker acts at random: see mallory. It checks the invariants at every step. A schedule
// depends only on its seed:
//
//	PUSHCALL_SCHEDULES=100000 go test ./call -run SimulationMallory
//	PUSHCALL_SEED=123 go test ./call -run SimulationMallory -v
//
// the second of which runs one schedule and prints all that happened.
func TestSimulationMallory(t *testing.T) {
	cast := newMalloryCast(t)
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // little is alive, and much is made
	var totals malloryTotals
	eachSeed(t, func(t *testing.T, seed uint64) (failure string, story func() string) {
		a := beAttacked(t, cast, seed)
		totals.add(a)
		return a.failure, a.story
	})
	t.Log(totals.String())
	if !t.Failed() {
		totals.check(t)
	}
}

// attack is one schedule with Mallory in it.
type attack struct {
	*simulation // its draws, its story and its failure; the people are others
	humans      []*human
	mallory     *mallory
	broken      map[string]string // of the invariants that do not hold yet: how
	done        map[string]int    // what Mallory and the people got to do
}

func beAttacked(t *testing.T, cast malloryCast, seed uint64) (a *attack) {
	s := &simulation{TB: t, seed: seed, random: rand.New(rand.NewPCG(seed, 1))}
	a = &attack{simulation: s, broken: map[string]string{}, done: map[string]int{}}
	defer func() {
		if r := recover(); r != nil { // such as a goroutine that is left
			a.fail("panic: %v", r)
		}
	}()
	synctest.Test(t, func(*testing.T) { a.run(cast) })
	return a
}

func (a *attack) run(cast malloryCast) {
	a.begin = time.Now()
	a.world = newWorld(a.simulation)
	a.world.verify = cheapVerify
	a.world.pace = a.paced
	a.castHumans(cast)
	a.mallory = newMallory(a, cast)
	a.play(a.plot())
	wait(2 * time.Second)
	for _, h := range a.humans {
		h.inspect("at the end")
		h.phone.HangUp()
	}
	wait(2 * byeTime)
	a.mallory.close()
	for _, h := range a.humans {
		h.phone.Close()
	}
	wait(time.Second) // peers finish their step
}

// paced makes durations differ, so that no two events happen at the same time.
func (a *attack) paced(p *testPeer, d time.Duration) time.Duration {
	return a.drawTime(d/2, 3*d+time.Millisecond, 'p', a.number(p.user), p.n, p.paced.Add(1))
}

// number tells users apart, for draws.
func (a *attack) number(u *user) uint64 {
	for _, h := range a.humans {
		if h.user == u {
			return h.i
		}
	}
	return 9
}

// human returns the person of a user, or nil for one of Mallory's.
func (a *attack) human(u *user) *human {
	for _, h := range a.humans {
		if h.user == u {
			return h
		}
	}
	return nil
}

// owner returns the person of an identity, or nil for Mallory's.
func (a *attack) owner(identity webpush.PublicKey) *human {
	for _, h := range a.humans {
		if h.signer.Public() == identity {
			return h
		}
	}
	return nil
}

// reader returns the person who can decrypt messages for a key, or nil if that is Mallory or
// nobody.
func (a *attack) reader(uaPublic webpush.PublicKey) *human {
	for _, h := range a.humans {
		if h.card.Subscription.UAPublic == uaPublic {
			return h
		}
	}
	return nil
}

// breaks reports the violation of an invariant. It only counts that of an invariant that does
// not hold yet. a.mu is held.
func (a *attack) breaks(name string, format string, arguments ...any) {
	held, known := invariants[name]
	if !known {
		panic("no invariant " + name)
	}
	if held.now {
		a.failLocked(name+": "+format, arguments...)
		return
	}
	a.noteLocked("?", name+": "+format, arguments...)
	if a.broken[name] == "" {
		a.broken[name] = fmt.Sprintf(format, arguments...)
	}
}

// did counts an event; a.mu is held.
func (a *attack) did(what string) { a.done[what]++ }

func (a *attack) story() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", a.mallory.plan())
	for _, h := range a.humans {
		fmt.Fprintf(&b, "%s: early %v, only contacts %v, knows %s\n", h.name, h.early, h.contactsOnly, h.knownNames())
	}
	for _, e := range a.trace {
		fmt.Fprintf(&b, "%10.3fs %-7s %s\n", e.at.Seconds(), e.who, fmt.Sprintf(e.format, e.arguments...))
	}
	return b.String()
}

// malloryTotals counts the events and the broken invariants of all schedules.
type malloryTotals struct {
	mu     sync.Mutex
	n      uint64
	done   map[string]int
	broken map[string]uint64 // by how many schedules
	first  map[string]uint64 // by which seed
	how    map[string]string
}

func (x *malloryTotals) add(a *attack) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.done == nil {
		x.done, x.broken, x.first, x.how = map[string]int{}, map[string]uint64{}, map[string]uint64{}, map[string]string{}
	}
	x.n++
	for what, n := range a.done {
		x.done[what] += n
	}
	for name, how := range a.broken {
		x.broken[name]++
		if first := x.first[name]; first == 0 || a.seed < first {
			x.first[name], x.how[name] = a.seed, how
		}
	}
}

func (x *malloryTotals) String() string {
	lines := []string{fmt.Sprintf("%d schedules", x.n)}
	for what, n := range x.done {
		lines = append(lines, fmt.Sprintf("%9d %s", n, what))
	}
	slices.SortFunc(lines[1:], func(a, b string) int { return strings.Compare(b, a) })
	for _, name := range sortedNames(x.broken) {
		lines = append(lines, fmt.Sprintf("not held: %s: first by seed %d, by %d in all: %s", name, x.first[name], x.broken[name], x.how[name]))
	}
	return strings.Join(lines, "\n")
}

// check fails if an event that is counted has never happened: a schedule in which nothing
// happens breaks no invariant.
func (x *malloryTotals) check(t *testing.T) {
	for _, what := range mustHappen {
		if x.done[what] == 0 && x.n >= 2000 {
			t.Errorf("in %d schedules nobody %s", x.n, what)
		}
	}
}

func sortedNames[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// malloryCast has the people of all schedules, since keys take long to make.
type malloryCast struct {
	people     []role
	identities []cheapSigner    // Mallory's
	lines      []signaling.Card // Mallory's, without an identity
}

func newMalloryCast(t *testing.T) malloryCast {
	keys := make([]cheapSigner, 35)
	for i := range keys {
		keys[i] = cheapSigner{newSigner(t).Public()}
	}
	slices.SortFunc(keys, func(a, b cheapSigner) int { return a.key.Compare(b.key) }) // who is polite follows from the seed
	var c malloryCast
	for i, key := range keys {
		if i%9 != 8 {
			c.identities = append(c.identities, key)
			continue
		}
		name := []string{"alice", "bob", "carol"}[len(c.people)]
		card := newLine(t, name)
		card.Identity = key.key
		c.people = append(c.people, role{name, key, card})
	}
	last := len(c.identities) - 1 // of the first two, one is smaller than everybody's and one greater
	c.identities[1], c.identities[last] = c.identities[last], c.identities[1]
	for i := range 3 {
		c.lines = append(c.lines, newLine(t, fmt.Sprint("mallory", i)))
	}
	return c
}

// newLine makes a plain subscription.
func newLine(t *testing.T, name string) signaling.Card {
	subscription, err := webpush.NewSubscription("https://push.example.net/"+name, newSigner(t).Public().String(), "AAAAAAAAAAAAAAAAAAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return signaling.Card{Subscription: subscription, Name: name}
}
