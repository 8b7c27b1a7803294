package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// TestSimulation has two or three people, with up to three tabs each, use the whole
// application at random, over a push network, stores and paths that fail at random. It
// checks that calls ring in one tab, that no message is lost between two tabs, that a
// restart finds what was shown before, and that people can call each other in the end.
// A schedule follows from its seed, but for what happens at one moment:
//
//	PUSHCALL_SCHEDULES=20000 go test ./app -run Simulation
//	PUSHCALL_SEED=123 go test ./app -run Simulation -v
//
// the second of which runs one schedule and prints all that happened.
func TestSimulation(t *testing.T) {
	if text := os.Getenv("PUSHCALL_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		s := simulate(t, newIdentities(t), seed)
		t.Logf("seed %d: %s\n%s", seed, cmp.Or(s.failure, "all is well"), s.story())
		if s.failure != "" {
			t.Fail()
		}
		return
	}
	var totals totals
	var next atomic.Uint64
	var failed atomic.Bool
	identities, most := newIdentities(t), schedules(t)
	t.Run("shards", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("shard", func(t *testing.T) {
				t.Parallel()
				for seed := next.Add(1); seed <= most && !failed.Load(); seed = next.Add(1) {
					s := simulate(t, identities, seed)
					totals.add(s)
					if s.failure != "" && !failed.Swap(true) {
						t.Errorf("PUSHCALL_SEED=%d: %s\n%s", seed, s.failure, s.story())
					}
				}
			})
		}
	})
	t.Log(totals.String())
}

// schedules returns how many to run.
func schedules(t *testing.T) uint64 {
	text := os.Getenv("PUSHCALL_SCHEDULES")
	if text == "" {
		return 300
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// simulation is one schedule. What people do, they do on its own goroutine.
type simulation struct {
	testing.TB // of the world: what it reports is a failure of the schedule
	seed       uint64
	random     *rand.Rand // of the script; reactions to what happens draw
	faults     faults
	world      *world
	actors     []*actor
	begin      time.Time
	acts       chan func() // what people do now

	mu      sync.Mutex
	trace   []event
	failure string
	pending int  // acts and pushes that are due later, and presses that wait for the browser
	calm    bool // nothing fails any more, and nobody acts by themselves
	seats   map[*tab]*seat
	offers  map[signaling.CallID]offer
	texts   map[string]*simulatedText
	files   map[string]*testSource
	counts  map[string]int
}

// event is a line of a schedule's story. It is put into words only to be read.
type event struct {
	at        time.Duration
	who       string
	format    string
	arguments []any
}

func simulate(t *testing.T, identities []webpush.Signer, seed uint64) *simulation {
	s := &simulation{TB: t, seed: seed, random: rand.New(rand.NewPCG(seed, 0)),
		seats: map[*tab]*seat{}, offers: map[signaling.CallID]offer{}, texts: map[string]*simulatedText{}, files: map[string]*testSource{}}
	defer func() {
		if r := recover(); r != nil { // such as a goroutine that is left
			s.fail("panic: %v", r)
		}
	}()
	synctest.Test(t, func(*testing.T) { s.run(identities) })
	return s
}

func (s *simulation) run(identities []webpush.Signer) {
	s.begin, s.acts = time.Now(), make(chan func(), 1024)
	s.faults = newFaults(s.random)
	s.world = newWorld(s)
	s.world.signer, s.world.verify = newCheapSigner, cheapVerify
	s.world.carry, s.world.shows = s.carry, s.shown
	s.cast(identities)
	s.play(s.script())
	s.settle("nothing happens any more", settled)
	s.calmDown()
	s.checkPairs()
	s.hangUp()
	s.checkBooks()
	s.checkTexts()
	s.checkOffers()
	s.checkTold()
	s.checkCalls()
	for _, a := range s.actors {
		for len(a.tabs) > 0 {
			a.leave(a.tabs[0], true)
		}
	}
}

// play has the scripted acts happen at their times.
func (s *simulation) play(script []act) {
	for _, x := range script {
		s.after(x.at, x.do)
	}
	s.pass(scriptTime)
}

// pass lets virtual time pass, in which people act.
func (s *simulation) pass(d time.Duration) {
	over := time.NewTimer(d)
	for {
		select {
		case act := <-s.acts:
			act()
		case <-over.C:
			synctest.Wait()
			return
		}
	}
}

// settle waits until nothing is under way. Twice in a row, because a path may be gone
// and nobody has noticed.
func (s *simulation) settle(when string, settled func(*seat) bool) {
	const step, most = 4 * time.Second, 6 * time.Minute
	start := time.Now()
	for quiet := 0; quiet < 2; {
		s.pass(step)
		quiet++
		if s.busy(settled) {
			quiet = 0
		}
		if time.Since(start) > most {
			s.fail("%s, and after %v somebody still acts, or a call is neither on nor over", when, most)
			return
		}
	}
}

func (s *simulation) busy(settled func(*seat) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending > 0 {
		return true
	}
	for _, x := range s.seats {
		if !settled(x) {
			return true
		}
	}
	return false
}

// after has somebody act at a time, and the schedule wait for that.
func (s *simulation) after(d time.Duration, act func()) {
	s.wait(1)
	time.AfterFunc(d, func() {
		s.acts <- func() { act(); s.wait(-1) }
	})
}

// beside runs what may wait for the browser, and has the schedule wait for it.
func (s *simulation) beside(f func()) {
	s.wait(1)
	go func() {
		f()
		s.wait(-1)
	}()
}

func (s *simulation) wait(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending += n
}

// draw is a random number that depends on nothing but the seed and its purpose: things
// that happen at one time may ask in any order.
func (s *simulation) draw(what ...uint64) uint64 {
	x := s.seed
	for _, w := range what {
		x = (x ^ w) + 0x9e3779b97f4a7c15 // splitmix64
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		x ^= x >> 31
	}
	return x
}

// drawTime draws a time between two.
func (s *simulation) drawTime(from, to time.Duration, what ...uint64) time.Duration {
	return from + time.Duration(s.draw(what...)%uint64(to-from))
}

// chance draws whether something happens.
func (s *simulation) chance(p float64, what ...uint64) bool {
	return float64(s.draw(what...)>>11)/(1<<53) < p
}

func (s *simulation) note(who, format string, arguments ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noteLocked(who, format, arguments...)
}

func (s *simulation) noteLocked(who, format string, arguments ...any) {
	s.trace = append(s.trace, event{time.Since(s.begin), who, format, arguments})
}

func (s *simulation) fail(format string, arguments ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failLocked(format, arguments...)
}

func (s *simulation) failLocked(format string, arguments ...any) {
	s.noteLocked("!", format, arguments...)
	if s.failure == "" {
		s.failure = fmt.Sprintf(format, arguments...)
	}
}

// Errorf, Error, Fatal and Helper are what the world calls.
func (s *simulation) Errorf(format string, arguments ...any) { s.fail(format, arguments...) }
func (s *simulation) Error(arguments ...any)                 { s.fail("%s", fmt.Sprint(arguments...)) }
func (s *simulation) Fatal(arguments ...any)                 { panic(fmt.Sprint(arguments...)) }
func (s *simulation) Helper()                                {}

// story tells what happened.
func (s *simulation) story() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n", s.faults)
	for _, e := range s.trace {
		fmt.Fprintf(&b, "%10.3fs %-8s %s\n", e.at.Seconds(), e.who, fmt.Sprintf(e.format, e.arguments...))
	}
	return b.String()
}

// totals says what the schedules had in them.
type totals struct {
	mu     sync.Mutex
	counts map[string]int
}

// count counts something that happened; s.mu is held.
func (s *simulation) count(what string) {
	if s.counts == nil {
		s.counts = map[string]int{}
	}
	s.counts[what]++
}

func (x *totals) add(s *simulation) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.counts == nil {
		x.counts = map[string]int{}
	}
	x.counts["schedules"]++
	for what, n := range s.counts {
		x.counts[what] += n
	}
}

func (x *totals) String() string {
	var lines []string
	for what, n := range x.counts {
		lines = append(lines, fmt.Sprintf("%8d %s", n, what))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// cheapSigner signs with a hash: what is tested here is not the signing.
type cheapSigner struct{ key webpush.PublicKey }

func newCheapSigner(key webpush.ApplicationServerKey) webpush.Signer {
	return cheapSigner{key.Public()}
}

// newIdentities makes those of all people, in an order by which it follows from the seed
// who gives way when two call each other.
func newIdentities(t *testing.T) []webpush.Signer {
	all := make([]webpush.Signer, 3)
	for i := range all {
		all[i] = newCheapSigner(newTestKey(t))
	}
	slices.SortFunc(all, func(a, b webpush.Signer) int { return a.Public().Compare(b.Public()) })
	return all
}

func (c cheapSigner) Public() webpush.PublicKey { return c.key }

func (c cheapSigner) Sign(_ context.Context, message []byte) ([]byte, error) {
	sum := sha256.Sum256(append(c.key.Bytes(), message...))
	return append(sum[:], sum[:]...), nil
}

func cheapVerify(ctx context.Context, key webpush.PublicKey, message, signature []byte) error {
	want, _ := cheapSigner{key}.Sign(ctx, message)
	if string(want) != string(signature) {
		return webpush.ErrSignature
	}
	return nil
}
