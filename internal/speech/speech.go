// Package speech puts into words what the page tells the person: sentences about
// calls and failures, names of people, times, sizes. It is Go without JavaScript; a
// [Language] translates and formats.
//
// Every text that is given to [Voice.Say] or [Voice.SayMany] is a literal or a
// constant, so that a test can hold the catalogues of web/words to them.
package speech

import (
	"strconv"
	"strings"
	"time"
)

// Language is the person's: the page's catalogue and the browser's formats.
type Language interface {
	// Translate returns a text in the language, or the text itself where there is
	// no translation. With a number it returns the plural form for the number.
	Translate(text string, number ...int) string
	// FormatTime writes a time as the clock in its location shows it.
	FormatTime(t time.Time, style TimeStyle) string
	// FormatWait says when something will be, in a number of units from now: in 2
	// minutes. A unit is "second", "minute" or "hour".
	FormatWait(n int, unit string) string
	// FormatSize writes a number of octets: 812 bytes, 3.4 MB.
	FormatSize(octets int64) string
}

// TimeStyle says which part of a time is written.
type TimeStyle uint8

// The styles.
const (
	TimeOfDay TimeStyle = iota // 14:05
	Weekday                    // Monday
	Day                        // 3 November
	DayOfYear                  // 3 November 2025
)

// Voice speaks a language.
type Voice struct{ Language }

// Say returns a text in the language. The text is English; values are those of its
// {placeholders}: name, value, name, value.
func (v Voice) Say(text string, values ...string) string { return fill(v.Translate(text), values) }

// SayMany returns a text about n things, in the form for that number; {n} is the
// number. Catalogues have it under the text for many.
func (v Voice) SayMany(n int, one, many string, values ...string) string {
	text := v.Translate(many, n)
	if text == many && n == 1 {
		text = one
	}
	return fill(text, append(values, "n", strconv.Itoa(n)))
}

// fill puts values in the place of {placeholders}, each apart from what is
// around it where they are written in different directions (UAX #9, Section 2.4).
func fill(text string, values []string) string {
	filled := ""
	for rest := text; ; {
		before, after, found := strings.Cut(rest, "{")
		filled += before
		if !found {
			return filled
		}
		name, after, _ := strings.Cut(after, "}")
		value := valueOf(name, values)
		if leans(value) != leans(text) {
			value = "\u2068" + value + "\u2069"
		}
		filled, rest = filled+value, after
	}
}

// valueOf finds the value of a placeholder; one that has none stays.
func valueOf(name string, values []string) string {
	for i := 0; i+1 < len(values); i += 2 {
		if values[i] == name {
			return values[i+1]
		}
	}
	return "{" + name + "}"
}

// leans tells whether a text has anything in it that is written from right to
// left: a letter of Hebrew, Arabic, or one of their kin.
func leans(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff || r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
	})
}
