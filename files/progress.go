package files

import (
	"slices"
	"time"
)

const (
	lookTime  = 500 * time.Millisecond // between two looks at the progress of files
	stillTime = 10 * time.Second       // without progress, until both people are told
	stuckTime = 30 * time.Second       // without progress, until a file fails
)

// look shows the progress of all files that move, and fails one of each side where
// none has moved for stuckTime. It runs every lookTime while any file moves.
func (t *Transfers) look() {
	t.looks = false
	mine, theirs := t.mine.transfers(), t.theirs.transfers()
	now, path := time.Now(), t.config.HasPath()
	for _, side := range [][]*transfer{mine, theirs} {
		for _, f := range side {
			if f.State == Moving {
				t.lookLater()
				f.measure(now, path)
			}
		}
		tellStill(side)
	}
	for _, f := range slices.Concat(mine, theirs) {
		if f.State == Moving || f.unseen {
			f.unseen = false
			t.config.OnFile(f.File)
		}
	}
	t.failMine(stuck(mine), WhyStuck)
	t.failTheirs(stuck(theirs), WhyStuck)
}

func (t *Transfers) lookLater() {
	if !t.looks {
		t.looks = true
		t.config.After(lookTime, t.look)
	}
}

// move enters the state Moving.
func (t *Transfers) move(f *transfer) {
	f.State, f.still, f.Still, f.unseen = Moving, 0, 0, false
	f.meter.begin(f.Moved, time.Now())
	t.config.OnFile(f.File)
	t.lookLater()
}

// measure updates the rate of a file, and the time for which it has not moved. Time
// without a path does not count, nor does the time for which this machine sleeps.
func (t *transfer) measure(now time.Time, path bool) {
	if t.Moved == t.meter.total && path {
		t.still += min(now.Sub(t.meter.at), 2*lookTime)
	} else {
		t.still = 0
	}
	t.meter.measure(t.Moved, now)
	t.Rate, t.Left, t.Still = t.meter.value(), t.meter.left(t.Size-t.Moved), 0
}

// tellStill sets Still for the files of a side if none of them moves. A file that
// waits for its turn beside one that moves is well.
func tellStill(side []*transfer) {
	moves := func(t *transfer) bool { return t.State == Moving && t.still < stillTime }
	if slices.ContainsFunc(side, moves) {
		return
	}
	for _, t := range side {
		if t.State == Moving {
			t.Still = t.still
		}
	}
}

// stuck returns the number of the file to fail, or 0. Where no file of a side has
// moved for stuckTime, it is the one with the least left, which is sent first. A file
// that has arrived may take any time to be written.
func stuck(side []*transfer) (number int) {
	least := int64(MaxSize)
	for _, t := range side {
		switch left := t.Size - t.Moved; {
		case t.State != Moving:
		case t.still < stuckTime:
			return 0
		case left > 0 && left < least:
			least, number = left, t.Number
		}
	}
	return number
}

// turn gives the files of a side that have waited for one that is over time to move.
func turn(side []*transfer) {
	for _, t := range side {
		t.still = min(t.still, stillTime-lookTime)
	}
}
