package pushlab

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Schedule is a probability for each kind of fault. With the same schedule and
// seed, the n-th message always gets the same fault. The zero value has no faults.
type Schedule struct {
	// Seed seeds the random numbers. For 0, [Faults.Follow] chooses a seed.
	Seed uint32

	// Probabilities are from 0 to 1 by kind, and their sum is at most 1. The other
	// messages get no fault.
	Probabilities map[FaultKind]float64

	// Time and RetryAfter are used for every [Fault] whose kind has them.
	Time, RetryAfter time.Duration
}

// Names in a schedule's text that are not kinds of fault.
const (
	seedName       = "seed"
	timeName       = "ms"
	retryAfterName = "retryAfter"
)

// String returns the schedule in the format of [ParseSchedule], "seed=7,drop=0.1".
func (s Schedule) String() string {
	parts := []string{seedName + "=" + strconv.FormatUint(uint64(s.Seed), 10)}
	add := func(name string, number float64) {
		if number != 0 {
			parts = append(parts, name+"="+strconv.FormatFloat(number, 'f', -1, 64))
		}
	}
	for _, kind := range faultKinds() {
		add(string(kind), s.Probabilities[kind])
	}
	add(timeName, float64(s.Time)/float64(time.Millisecond))
	add(retryAfterName, s.RetryAfter.Seconds())
	return strings.Join(parts, ",")
}

// ParseSchedule parses "seed=7,drop=0.1,delay=0.2,ms=800": the seed, probabilities
// by kind, and for the faults that use them a time in milliseconds and a Retry-After
// in seconds.
func ParseSchedule(text string) (Schedule, error) {
	numbers := map[string]float64{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return Schedule{}, fmt.Errorf("%w: %q is not like drop=0.1", ErrFault, part)
		}
		if _, twice := numbers[name]; twice {
			return Schedule{}, fmt.Errorf("%w: %q is there twice", ErrFault, name)
		}
		numbers[name] = number
	}
	return newSchedule(numbers)
}

// parseScheduleJSON parses {"seed": 7, "drop": 0.1, …}.
func parseScheduleJSON(text []byte) (Schedule, error) {
	var numbers map[string]float64
	if err := json.Unmarshal(text, &numbers); err != nil {
		return Schedule{}, fmt.Errorf("%w: this is no schedule in JSON: %w", ErrFault, err)
	}
	return newSchedule(numbers)
}

func newSchedule(numbers map[string]float64) (Schedule, error) {
	s := Schedule{Probabilities: map[FaultKind]float64{}}
	for name, number := range numbers {
		switch name {
		case seedName:
			s.Seed = uint32(number)
			if float64(s.Seed) != number {
				return Schedule{}, fmt.Errorf("%w: %v is not a seed; those are whole numbers below 2^32", ErrFault, number)
			}
		case timeName:
			s.Time = scale(number, time.Millisecond)
		case retryAfterName:
			s.RetryAfter = scale(number, time.Second)
		default:
			s.Probabilities[FaultKind(name)] = number
		}
	}
	return s, s.check()
}

func (s Schedule) check() error {
	var sum float64
	for kind, probability := range s.Probabilities {
		if !slices.Contains(faultKinds(), kind) {
			return noSuchFault(kind)
		}
		if !(probability >= 0 && probability <= 1) { // also refuses NaN
			return fmt.Errorf("%w: the probability of %q is %v, not between 0 and 1", ErrFault, kind, probability)
		}
		sum += probability
	}
	if sum > 1+1e-9 { // rounding errors: ten times 0.1 is a little more than 1
		return fmt.Errorf("%w: the probabilities are together more than 1", ErrFault)
	}
	return checkTimes(s.Time, s.RetryAfter)
}

// dice draws the faults of a schedule, one after the other.
type dice struct {
	schedule Schedule
	random   *rand.Rand
}

func newDice(s Schedule) *dice {
	return &dice{schedule: s, random: rand.New(rand.NewPCG(uint64(s.Seed), 0))}
}

// draw uses exactly one random number for each message, so that the n-th
// message's fault does not depend on the faults before it.
func (d *dice) draw() Fault {
	number := d.random.Float64()
	for _, kind := range faultKinds() {
		if number -= d.schedule.Probabilities[kind]; number < 0 {
			fault := Fault{Kind: kind}
			if kind.takesTime() {
				fault.Time = d.schedule.Time
			}
			if kind == TooMany {
				fault.RetryAfter = d.schedule.RetryAfter
			}
			return fault
		}
	}
	return Fault{}
}
