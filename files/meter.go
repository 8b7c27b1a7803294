package files

import (
	"math"
	"time"
)

// meterTime is the half-life of a rate: growth that is older counts for less than
// half.
const meterTime = 3 * time.Second

// meter measures how fast something grows.
type meter struct {
	rate  float64 // per second; not yet divided by seen
	seen  float64 // of 1, the part of the time that the rate looks back on which was measured
	total int64
	at    time.Time
}

// begin starts anew with the present total.
func (m *meter) begin(total int64, now time.Time) { *m = meter{total: total, at: now} }

// measure takes the present total.
func (m *meter) measure(total int64, now time.Time) {
	passed := now.Sub(m.at)
	if passed <= 0 {
		return
	}
	past := math.Exp2(-float64(passed) / float64(meterTime))
	m.rate = m.rate*past + float64(max(0, total-m.total))/passed.Seconds()*(1-past)
	m.seen = m.seen*past + 1 - past
	m.total, m.at = total, now
}

// value returns the rate per second, 0 where there is none.
func (m *meter) value() float64 {
	if m.seen == 0 {
		return 0
	}
	return m.rate / m.seen
}

// left returns how long the rest takes at this rate, 0 where that is unknown.
func (m *meter) left(rest int64) time.Duration {
	const most = 100 * time.Hour
	rate := m.value()
	if rate < 1 || float64(rest)/rate > most.Seconds() {
		return 0
	}
	return time.Duration(float64(rest) / rate * float64(time.Second))
}
