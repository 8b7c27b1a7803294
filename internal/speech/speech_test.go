package speech

import (
	"strconv"
	"testing"
	"time"
)

// english is a voice without a catalogue. A browser's formats are tested in package
// browser; these are the same ones, as far as the tests here need them.
var english = Voice{englishLanguage{}}

type englishLanguage struct{}

func (englishLanguage) Translate(text string, _ ...int) string { return text }

func (englishLanguage) FormatTime(t time.Time, style TimeStyle) string {
	if style == TimeOfDay {
		return strconv.Itoa(t.Hour()) + t.Format(":04")
	}
	return t.Format(map[TimeStyle]string{Weekday: "Monday", Day: "2 January", DayOfYear: "2 January 2006"}[style])
}

func (englishLanguage) FormatWait(n int, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return "in " + strconv.Itoa(n) + " " + unit
}

func (englishLanguage) FormatSize(octets int64) string {
	if octets >= 1_000_000 {
		return strconv.FormatFloat(float64(octets)/1e6, 'f', 1, 64) + " MB"
	}
	return strconv.FormatInt(octets, 10) + " bytes"
}

// mirror is a language that is written from right to left, and has forms of one text
// for numbers.
type mirror struct{ englishLanguage }

func (mirror) Translate(text string, number ...int) string {
	switch {
	case len(number) == 0:
		return "שלום {name}"
	case number[0] == 2:
		return "שניים"
	default:
		return "{n} דברים"
	}
}

func TestSay(t *testing.T) {
	for _, test := range []struct {
		got, want string
	}{
		{english.Say("no value"), "no value"},
		{english.Say("{a} and {b} and {a}", "a", "1", "b", "2"), "1 and 2 and 1"},
		{english.Say("{a}", "b", "2"), "{a}"},
		{english.Say("{a}", "a", "{b}", "b", "2"), "{b}"},
		{english.Say("{name}.", "name", "שלום"), "\u2068שלום\u2069."},
		{Voice{mirror{}}.Say("x", "name", "Ada"), "שלום \u2068Ada\u2069"},
		{Voice{mirror{}}.Say("x", "name", "דן"), "שלום דן"},
		{english.SayMany(1, "{n} thing", "{n} things"), "1 thing"},
		{english.SayMany(0, "{n} thing", "{n} things"), "0 things"},
		{english.SayMany(2, "{n} thing of {a}", "{n} things of {a}", "a", "b"), "2 things of b"},
		{Voice{mirror{}}.SayMany(2, "{n} thing", "{n} things"), "שניים"},
		{Voice{mirror{}}.SayMany(1, "{n} thing", "{n} things"), "\u20681\u2069 דברים"},
	} {
		if test.got != test.want {
			t.Errorf("%+q, want %+q", test.got, test.want)
		}
	}
}
