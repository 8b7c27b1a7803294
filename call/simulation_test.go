package call

import (
	"cmp"
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

	"pushcall/files"
	"pushcall/signaling"
	"pushcall/webpush"
)

// TestSimulation runs schedules in which two or three people call each other at random, over
// a push network and paths that fail at random. It checks that every call ends, and with
// matching outcomes on both sides. A schedule depends only on its seed:
//
//	PUSHCALL_SCHEDULES=100000 go test ./call -run Simulation
//	PUSHCALL_SEED=123 go test ./call -run Simulation -v
//
// the second of which runs one schedule and prints all that happened.
func TestSimulation(t *testing.T) {
	cast := newCast(t)
	var totals totals
	eachSeed(t, func(t *testing.T, seed uint64) (failure string, story func() string) {
		s := simulate(t, cast, seed)
		totals.add(s)
		return s.failure, s.story
	})
	t.Log(totals.String())
}

// eachSeed runs all schedules until one fails, and then prints its seed and its story. With
// PUSHCALL_SEED it runs only the schedule of that seed.
func eachSeed(t *testing.T, run func(t *testing.T, seed uint64) (failure string, story func() string)) {
	if text := os.Getenv("PUSHCALL_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		failure, story := run(t, seed)
		t.Logf("seed %d: %s\n%s", seed, cmp.Or(failure, "all is well"), story())
		if failure != "" {
			t.Fail()
		}
		return
	}
	var next atomic.Uint64
	var failed atomic.Bool
	t.Run("shards", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("shard", func(t *testing.T) {
				t.Parallel()
				for seed := next.Add(1); seed <= schedules(t) && !failed.Load(); seed = next.Add(1) {
					failure, story := run(t, seed)
					if failure != "" && !failed.Swap(true) {
						t.Errorf("PUSHCALL_SEED=%d: %s\n%s", seed, failure, story())
					}
				}
			})
		}
	})
}

// schedules returns the number of schedules to run.
func schedules(t *testing.T) uint64 {
	text := os.Getenv("PUSHCALL_SCHEDULES")
	if text == "" {
		return 2000
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// simulation is one schedule.
type simulation struct {
	testing.TB // of the world: what it reports is a failure of the schedule
	seed       uint64
	random     *rand.Rand // of the script; what happens at its own time draws
	faults     faults
	world      *world
	people     []*person
	begin      time.Time

	mu      sync.Mutex
	trace   []event
	failure string
	calls   map[signaling.CallID]*simulatedCall
	files   map[string]*simulatedFile
	texts   []*simulatedText
	byText  map[string]*simulatedText
	newest  map[[2]*person]int // text that one person has of another: its number
	leaves  int                // so many pages were closed
	pending int                // what people are about to do, and pushes on their way
}

// event is a line of a schedule's story. It is formatted only when the story is printed.
type event struct {
	at        time.Duration
	who       string
	format    string
	arguments []any
}

func simulate(t *testing.T, cast []role, seed uint64) *simulation {
	s := &simulation{TB: t, seed: seed, random: rand.New(rand.NewPCG(seed, 0)), calls: map[signaling.CallID]*simulatedCall{}, files: map[string]*simulatedFile{},
		byText: map[string]*simulatedText{}, newest: map[[2]*person]int{}}
	defer func() {
		if r := recover(); r != nil { // such as a goroutine that is left
			s.fail("panic: %v", r)
		}
	}()
	synctest.Test(t, func(*testing.T) { s.run(cast) })
	return s
}

func (s *simulation) run(cast []role) {
	s.begin = time.Now()
	s.faults = newFaults(s.random)
	s.world = newWorld(s)
	s.world.verify, s.world.carry = cheapVerify, s.carry
	s.world.apart, s.world.fault, s.world.pace, s.world.tell = s.apart, s.fault, s.pace, s.tell
	s.cast(cast)
	s.play(s.script())
	s.awaitQuiet("nothing happens any more", stable)
	s.checkPairs()
	for _, p := range s.people {
		p.hangUp()
	}
	s.awaitQuiet("everybody has hung up", isOver)
	s.checkCalls()
	s.checkFiles()
	s.checkTexts()
	for _, p := range s.people {
		p.phone.Close()
	}
}

// play runs the scripted moves at their times.
func (s *simulation) play(moves []move) {
	slices.SortFunc(moves, func(a, b move) int { return cmp.Compare(a.at, b.at) })
	for _, m := range moves {
		time.Sleep(time.Until(s.begin.Add(m.at)))
		m.do()
	}
}

// stable reports whether a call may stay in a state for as long as the people like.
func stable(state State) bool { return state == Idle || state == Connected || state == Ended }

func isOver(state State) bool { return state == Idle || state == Ended }

// awaitQuiet waits until nothing is under way. It does so twice in a row, because the loss of
// a path may not have been noticed yet.
func (s *simulation) awaitQuiet(when string, settled func(State) bool) {
	const step, most = 4 * time.Second, 4 * time.Minute
	start := time.Now()
	for quiet := 0; quiet < 2; {
		wait(step)
		quiet++
		if s.underway(settled) {
			quiet = 0
		}
		if time.Since(start) > most {
			s.fail("%s, and after %v there is still a call that is neither on nor over", when, most)
			return
		}
	}
}

func (s *simulation) underway(settled func(State) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pending > 0 || s.filesMove() || slices.ContainsFunc(s.people, func(p *person) bool { return !settled(p.now.State) })
}

// draw returns a random number that depends only on the seed and its purpose, since events of
// the same time may draw in any order.
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

// after runs f at a time, and makes the schedule wait for it.
func (s *simulation) after(d time.Duration, f func()) {
	s.mu.Lock()
	s.pending++
	s.mu.Unlock()
	time.AfterFunc(d, func() {
		f()
		s.mu.Lock()
		s.pending--
		s.mu.Unlock()
	})
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

// Errorf, Error and Fatal are what the world calls.
func (s *simulation) Errorf(format string, arguments ...any) { s.fail(format, arguments...) }
func (s *simulation) Error(arguments ...any)                 { s.fail("%s", fmt.Sprint(arguments...)) }
func (s *simulation) Fatal(arguments ...any)                 { panic(fmt.Sprint(arguments...)) }

// story tells what happened.
func (s *simulation) story() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n", s.faults)
	for _, p := range s.people {
		fmt.Fprintf(&b, "%s: early %v, polite to %s, clock %v\n", p.name, p.early, p.politeTo(), p.skew)
	}
	for _, e := range s.trace {
		fmt.Fprintf(&b, "%10.3fs %-6s %s\n", e.at.Seconds(), e.who, fmt.Sprintf(e.format, e.arguments...))
	}
	return b.String()
}

// totals counts the events of all schedules.
type totals struct {
	mu                                 sync.Mutex
	schedules, calls, connected, moved int
	files, arrived, resumed            int
	texts, came, lost                  int
	outcomes                           map[string]int
}

func (x *totals) add(s *simulation) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.outcomes == nil {
		x.outcomes = map[string]int{}
	}
	x.schedules++
	x.moved += len(s.trace)
	for _, f := range s.files {
		x.files++
		if f.there.State == files.Done {
			x.arrived++
		}
		if f.there.State == files.Done && f.sink.Links() > 1 {
			x.resumed++
		}
	}
	x.texts += len(s.texts)
	for _, t := range s.texts {
		if t.came {
			x.came++
		}
		if t.lost {
			x.lost++
		}
	}
	for _, c := range s.calls {
		x.calls++
		if c.connected {
			x.connected++
		}
		caller, callee := c.outcome(s)
		x.outcomes[fmt.Sprintf("%v %s / %s", s.faults.lossless(), caller, callee)]++
	}
}

func (x *totals) String() string {
	lines := []string{fmt.Sprintf("%d schedules, %d calls, %d connected, %d files, %d arrived, %d over several links, %d texts, %d came, %d lost, %d events",
		x.schedules, x.calls, x.connected, x.files, x.arrived, x.resumed, x.texts, x.came, x.lost, x.moved)}
	for name, n := range x.outcomes {
		lines = append(lines, fmt.Sprintf("%8d %s", n, name))
	}
	slices.SortFunc(lines[1:], func(a, b string) int { return strings.Compare(b, a) })
	return strings.Join(lines, "\n")
}

// A role is a person before the schedule gives them a phone. Keys take long to
// make, so all schedules have the same.
type role struct {
	name   string
	signer cheapSigner
	card   signaling.Card
}

func newCast(t *testing.T) []role {
	cast := make([]role, 3)
	for i := range cast {
		cast[i].signer = cheapSigner{newSigner(t).Public()}
	}
	slices.SortFunc(cast, func(a, b role) int { return a.signer.key.Compare(b.signer.key) }) // who is polite follows from the seed
	for i, name := range []string{"alice", "bob", "carol"} {
		cast[i].name = name
	}
	for i := range cast {
		subscription, err := webpush.NewSubscription("https://push.example.net/"+cast[i].name, newSigner(t).Public().String(), "AAAAAAAAAAAAAAAAAAAAAA")
		if err != nil {
			t.Fatal(err)
		}
		cast[i].card = signaling.Card{Subscription: subscription, Identity: cast[i].signer.key, Name: cast[i].name}
	}
	return cast
}
