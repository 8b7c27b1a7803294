package call

import "time"

// Times are kept, on this device and in an archive, in milliseconds since 1970,
// and the zero time as 0.

// Milliseconds returns a time as it is kept.
func Milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// TimeOf returns the time that was kept as milliseconds.
func TimeOf(milliseconds int64) time.Time {
	if milliseconds == 0 {
		return time.Time{}
	}
	return time.UnixMilli(milliseconds).UTC()
}
