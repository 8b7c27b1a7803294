package files

import (
	"slices"
	"time"
)

const (
	progressTime = 500 * time.Millisecond // between two calls of showProgress
	stillTime    = 10 * time.Second       // without progress before both people are told
	stuckTime    = 30 * time.Second       // without progress before a file fails
)

// showProgress shows the progress of all files that move. If none of a side's files has
// progressed for stuckTime, it fails one of them. It runs every progressTime while any
// file moves.
func (t *Transfers) showProgress() {
	t.progressDue = false
	mine, theirs := t.mine.transfers(), t.theirs.transfers()
	now, path := time.Now(), t.config.HasPath()
	for _, side := range [][]*transfer{mine, theirs} {
		for _, f := range side {
			if f.State == Moving {
				t.scheduleProgress()
				f.measure(now, path)
			}
		}
		tellStill(side)
	}
	for _, f := range slices.Concat(mine, theirs) {
		if f.State == Moving || f.changed {
			f.changed = false
			t.config.OnFile(f.File)
		}
	}
	t.failMine(stuck(mine), WhyStuck)
	t.failTheirs(stuck(theirs), WhyStuck)
}

func (t *Transfers) scheduleProgress() {
	if !t.progressDue {
		t.progressDue = true
		t.config.After(progressTime, t.showProgress)
	}
}

// startMoving enters the state Moving.
func (t *Transfers) startMoving(f *transfer) {
	f.State, f.idle, f.Still, f.changed = Moving, 0, 0, false
	f.meter.begin(f.Moved, time.Now())
	t.config.OnFile(f.File)
	t.scheduleProgress()
}

// measure updates a file's rate and the time without progress. That time includes neither
// time without a path nor time for which this machine slept.
func (t *transfer) measure(now time.Time, path bool) {
	if t.Moved == t.meter.total && path {
		t.idle += min(now.Sub(t.meter.at), 2*progressTime)
	} else {
		t.idle = 0
	}
	t.meter.measure(t.Moved, now)
	t.Rate, t.Left, t.Still = t.meter.value(), t.meter.left(t.Size-t.Moved), 0
}

// tellStill sets Still for the files of a side if none of them progresses. A file that
// only waits for another one of its side is well.
func tellStill(side []*transfer) {
	moves := func(t *transfer) bool { return t.State == Moving && t.idle < stillTime }
	if slices.ContainsFunc(side, moves) {
		return
	}
	for _, t := range side {
		if t.State == Moving {
			t.Still = t.idle
		}
	}
}

// stuck returns the number of the file of a side to fail, or 0 if any of them has
// progressed within stuckTime. It is the file with the least left, since that is sent
// first. A file that has arrived may take any time to be written.
func stuck(side []*transfer) (number int) {
	least := int64(MaxSize)
	for _, t := range side {
		switch left := t.Size - t.Moved; {
		case t.State != Moving:
		case t.idle < stuckTime:
			return 0
		case left > 0 && left < least:
			least, number = left, t.Number
		}
	}
	return number
}

// limitIdle gives the files of a side, which have waited for one that is over now, time
// to progress before they count as stuck.
func limitIdle(side []*transfer) {
	for _, t := range side {
		t.idle = min(t.idle, stillTime-progressTime)
	}
}
