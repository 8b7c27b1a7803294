package files

import (
	"math"
	"time"
)

// meterTime is the half-life of measured growth in the rate: growth that is older counts
// for less than half.
const meterTime = 3 * time.Second

// meter measures the rate at which a total grows, as an exponential moving average.
type meter struct {
	rate   float64 // per second; not yet divided by weight
	weight float64 // of the measurements so far, up to 1
	total  int64
	at     time.Time
}

// begin restarts the measurement at a total.
func (m *meter) begin(total int64, now time.Time) { *m = meter{total: total, at: now} }

// measure updates the rate with the present total.
func (m *meter) measure(total int64, now time.Time) {
	passed := now.Sub(m.at)
	if passed <= 0 {
		return
	}
	decay := math.Exp2(-float64(passed) / float64(meterTime))
	m.rate = m.rate*decay + float64(max(0, total-m.total))/passed.Seconds()*(1-decay)
	m.weight = m.weight*decay + 1 - decay
	m.total, m.at = total, now
}

// value returns the rate per second, or 0 before the first measurement.
func (m *meter) value() float64 {
	if m.weight == 0 {
		return 0
	}
	return m.rate / m.weight
}

// left returns the time that the rest takes at this rate, or 0 if that is unknown or
// more than 100 h.
func (m *meter) left(rest int64) time.Duration {
	const most = 100 * time.Hour
	rate := m.value()
	if rate < 1 || float64(rest)/rate > most.Seconds() {
		return 0
	}
	return time.Duration(float64(rest) / rate * float64(time.Second))
}
