package speech

import (
	"strconv"
	"time"

	"pushcall/phonebook"
)

// Moment says when something was, in the middle of a line: today at 14:05,
// yesterday at 9:30, Monday, 3 November, 3 November 2025.
func (v Voice) Moment(t, now time.Time) string {
	t = t.In(now.Location())
	today := phonebook.BeginOfDay(now)
	switch {
	case !t.Before(today):
		return v.Say("today at {time}", "time", v.FormatTime(t, TimeOfDay))
	case !t.Before(today.AddDate(0, 0, -1)):
		return v.Say("yesterday at {time}", "time", v.FormatTime(t, TimeOfDay))
	case !t.Before(today.AddDate(0, 0, -6)):
		return v.FormatTime(t, Weekday)
	case t.Year() == now.Year():
		return v.FormatTime(t, Day)
	default:
		return v.FormatTime(t, DayOfYear)
	}
}

// Day says which day something was, as a heading: Today, Monday, 3 November.
func (v Voice) Day(t, now time.Time) string {
	today := phonebook.BeginOfDay(now)
	switch {
	case !t.Before(today):
		return v.Say("Today")
	case !t.Before(today.AddDate(0, 0, -1)):
		return v.Say("Yesterday")
	default:
		return v.Moment(t, now)
	}
}

// Brief says how long something took, so that it is not taken for a time of
// day: 45 s, 12 min, 1 h 5 min.
func (v Voice) Brief(d time.Duration) string {
	s := int(d / time.Second)
	switch {
	case s < 60:
		return v.Say("{n} s", "n", strconv.Itoa(s))
	case s < 3600:
		return v.Say("{n} min", "n", strconv.Itoa(s/60))
	default:
		return v.Say("{h} h {min} min", "h", strconv.Itoa(s/3600), "min", strconv.Itoa(s/60%60))
	}
}

// Clock formats a duration as a phone does: 0:07, 12:34, 1:02:03.
func Clock(d time.Duration) string {
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

// wait says when a duration will be over, never sooner than it is: in 2 minutes.
func (v Voice) wait(d time.Duration) string {
	for _, u := range []struct {
		length time.Duration
		name   string
	}{{time.Hour, "hour"}, {time.Minute, "minute"}} {
		if d >= u.length {
			return v.FormatWait(int((d+u.length-1)/u.length), u.name)
		}
	}
	return v.FormatWait(max(1, int((d+time.Second-1)/time.Second)), "second")
}
