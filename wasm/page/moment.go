//go:build js && wasm

package page

import (
	"strconv"
	"time"
)

// moment says when something was, in the middle of a line: today at 14:05,
// yesterday at 9:30, Monday, 3 November, 3 November 2025.
func moment(t, now time.Time) string {
	t = t.In(now.Location())
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	switch {
	case !t.Before(today):
		return "today at " + timeOfDay(t)
	case !t.Before(today.AddDate(0, 0, -1)):
		return "yesterday at " + timeOfDay(t)
	case !t.Before(today.AddDate(0, 0, -6)):
		return t.Weekday().String()
	}
	day := strconv.Itoa(t.Day()) + " " + t.Month().String()
	if t.Year() == y {
		return day
	}
	return day + " " + strconv.Itoa(t.Year())
}

func timeOfDay(t time.Time) string { return strconv.Itoa(t.Hour()) + ":" + twoDigits(t.Minute()) }

// brief says how long something took, so that it is not taken for a time of
// day: 45 s, 12 min, 1 h 5 min.
func brief(d time.Duration) string {
	s := int(d / time.Second)
	switch {
	case s < 60:
		return strconv.Itoa(s) + " s"
	case s < 3600:
		return strconv.Itoa(s/60) + " min"
	default:
		return strconv.Itoa(s/3600) + " h " + strconv.Itoa(s/60%60) + " min"
	}
}

// clock formats a duration as a phone does: 0:07, 12:34, 1:02:03.
func clock(d time.Duration) string {
	s := int(d / time.Second)
	if s < 3600 {
		return strconv.Itoa(s/60) + ":" + twoDigits(s%60)
	}
	return strconv.Itoa(s/3600) + ":" + twoDigits(s/60%60) + ":" + twoDigits(s%60)
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// rough says a duration in words, never less than it is.
func rough(d time.Duration) string {
	for _, u := range []struct {
		length time.Duration
		one    string
		many   string
	}{{time.Hour, "an hour", " hours"}, {time.Minute, "a minute", " minutes"}, {time.Second, "a second", " seconds"}} {
		if n := int((d + u.length - 1) / u.length); d > u.length {
			return strconv.Itoa(n) + u.many
		} else if d == u.length {
			return u.one
		}
	}
	return "a second"
}
