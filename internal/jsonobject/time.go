package jsonobject

import "time"

// Milliseconds returns a time as a number of milliseconds since 1970, and the zero
// time as 0.
func Milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// TimeOf returns the time whose number Milliseconds returns, in UTC.
func TimeOf(milliseconds int64) time.Time {
	if milliseconds == 0 {
		return time.Time{}
	}
	return time.UnixMilli(milliseconds).UTC()
}
