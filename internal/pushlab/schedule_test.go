package pushlab

import (
	"errors"
	"maps"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

// drawn returns the first faults of a schedule.
func drawn(t *testing.T, s Schedule, count int) []Fault {
	t.Helper()
	var f Faults
	if _, err := f.Follow(s); err != nil {
		t.Fatal(err)
	}
	faults := make([]Fault, count)
	for i := range faults {
		faults[i] = f.next("token")
	}
	return faults
}

func TestScheduleReplays(t *testing.T) {
	s := Schedule{Seed: 7, Probabilities: map[FaultKind]float64{Drop: 0.3, Delay: 0.3, TooMany: 0.3}}
	first := drawn(t, s, 100)
	if again := drawn(t, s, 100); !reflect.DeepEqual(first, again) {
		t.Errorf("one seed gave\n%v and\n%v", first, again)
	}
	parsed, err := ParseSchedule(s.String())
	if err != nil || !reflect.DeepEqual(first, drawn(t, parsed, 100)) {
		t.Errorf("what %v prints gives other faults, %v", s, err)
	}
	s.Seed++
	if reflect.DeepEqual(first, drawn(t, s, 100)) {
		t.Error("another seed gave the same")
	}
}

// A seed must give the same faults in all versions.
func TestScheduleIsFixed(t *testing.T) {
	s := Schedule{Seed: 7, Probabilities: map[FaultKind]float64{Drop: 0.25, Duplicate: 0.25}}
	var kinds []string
	for _, fault := range drawn(t, s, 10) {
		kinds = append(kinds, string(fault.Kind))
	}
	const want = "none none drop drop duplicate duplicate drop duplicate none duplicate"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("seed 7 gives %s, want %s", got, want)
	}
}

func TestScheduleProbabilities(t *testing.T) {
	const count = 100_000
	want := map[FaultKind]float64{Drop: 0.1, Reset: 0.2, SlowBody: 0.05, NoFault: 0.65}
	probabilities := maps.Clone(want)
	delete(probabilities, NoFault)
	got := map[FaultKind]float64{}
	for _, fault := range drawn(t, Schedule{Seed: 1, Probabilities: probabilities}, count) {
		got[fault.Kind] += 1.0 / count
	}
	for kind := range got {
		if math.Abs(got[kind]-want[kind]) > 0.01 {
			t.Errorf("%s in %.3f of the messages, want %.3f", kind, got[kind], want[kind])
		}
	}
}

func TestScheduleParameters(t *testing.T) {
	for text, want := range map[string]Fault{
		"seed=1,delay=1,ms=800":           {Kind: Delay, Time: 800 * time.Millisecond},
		"seed=1,delay=1":                  {Kind: Delay, Time: time.Second},
		"seed=1,429=1,retryAfter=30,ms=8": {Kind: TooMany, RetryAfter: 30 * time.Second},
		"seed=1,drop=1,retryAfter=30":     {Kind: Drop},
		"seed=1,ms=5":                     {Kind: NoFault},
	} {
		s, err := ParseSchedule(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := drawn(t, s, 1)[0]; got != want {
			t.Errorf("%s gives %+v, want %+v", text, got, want)
		}
	}
}

func TestScheduleChoosesSeed(t *testing.T) {
	var f Faults
	s, err := f.Follow(Schedule{Probabilities: map[FaultKind]float64{Drop: 0.5}})
	if err != nil || s.Seed == 0 || !strings.HasSuffix(s.String(), ",drop=0.5") {
		t.Errorf("it follows %v, %v", s, err)
	}
}

// Queued faults come first, and draw nothing from the schedule.
func TestScheduleAfterQueue(t *testing.T) {
	var f Faults
	s := Schedule{Seed: 7, Probabilities: map[FaultKind]float64{Drop: 0.5}}
	f.Follow(s)
	f.Add(Fault{Kind: Reset}, Fault{Kind: NoFault})
	if got := []FaultKind{f.next("").Kind, f.next("").Kind}; got[0] != Reset || got[1] != NoFault {
		t.Errorf("the queue gave %v", got)
	}
	for i, want := range drawn(t, s, 20) {
		if got := f.next(""); got != want {
			t.Fatalf("fault %d is %v, want %v", i, got, want)
		}
	}
	f.Clear()
	for range 20 {
		if got := f.next(""); got.Kind != NoFault {
			t.Errorf("after the end there is %v", got)
		}
	}
}

func TestScheduleMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"":                    `"" is not like drop=0.1`,
		"drop":                `"drop" is not like drop=0.1`,
		"drop=often":          `"drop=often" is not like`,
		"drop=0.1,drop=0.2":   `"drop" is there twice`,
		"=0.1":                `there is no fault ""`,
		"dorp=0.1":            `there is no fault "dorp"`,
		"drop=1.1":            `probability of "drop" is 1.1`,
		"drop=-0.1":           `probability of "drop" is -0.1`,
		"drop=NaN":            `probability of "drop" is NaN`,
		"drop=0.6,reset=0.6":  `together more than 1`,
		"seed=1.5":            `1.5 is not a seed`,
		"seed=-1":             `-1 is not a seed`,
		"seed=4294967296":     `4.294967296e+09 is not a seed`,
		"delay=0.1,ms=-1":     `is not between`,
		"delay=0.1,ms=1e300":  `is not between`,
		"429=1,retryAfter=-1": `is not between`,
	} {
		if _, err := ParseSchedule(text); !errors.Is(err, ErrFault) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := ParseSchedule("drop=0.1,delay=0.2,reorder=0.3,404=0.4"); err != nil {
		t.Errorf("probabilities of just 1: %v", err)
	}
}

// ParseSchedule is the inverse of Schedule.String.
func FuzzParseSchedule(f *testing.F) {
	f.Add("seed=7,drop=0.1,429=0.05,delay=0.2,ms=800,retryAfter=30")
	f.Add("seed=4294967295,none=1")
	f.Add("ms=0.5")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSchedule(text)
		if err != nil {
			return
		}
		again, err := ParseSchedule(s.String())
		if err != nil || !reflect.DeepEqual(drawn(t, again, 20), drawn(t, s, 20)) && s.Seed != 0 {
			t.Errorf("%q is %v, and that is %v, %v", text, s, again, err)
		}
	})
}
