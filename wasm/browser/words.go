//go:build js && wasm

package browser

import (
	"strconv"
	"strings"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

// The page's words are those of web/words.js, which has chosen the language
// before the program starts. Where it is not there, as in tests, they are
// English.

// Say returns a text in the person's language. The text is English and written
// where it is used, so that the catalogues can be held to the sources; values
// are those of its {placeholders}: name, value, name, value.
func Say(text string, values ...string) string { return fill(word(text), values) }

// SayMany returns a text about n things, in the form for that number; {n} is
// the number. Catalogues have it under the text for many.
func SayMany(n int, one, many string, values ...string) string {
	text := word(many, n)
	if text == many && n == 1 {
		text = one
	}
	return fill(text, append(values, "n", strconv.Itoa(n)))
}

// word asks the catalogue.
func word(text string, number ...any) string {
	words, err := js.Get("words")
	if err != nil || words.Type() != safejs.TypeObject {
		return text
	}
	found, err := words.Call("of", append([]any{text}, number...)...)
	if err != nil || found.Type() != safejs.TypeString {
		return text
	}
	said, err := found.String()
	if err != nil {
		return text
	}
	return said
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

// Order writes the indexes of texts in the order of the person's language, with
// spaces between them. Numbers in texts count by their value (ECMA-402, Section 10).
func Order(texts []any) string {
	words, err := js.Get("words")
	if err != nil {
		js.LogFailure("sort", err)
		return ""
	}
	order, err := words.Call("order", texts)
	if err != nil {
		js.LogFailure("sort", err)
		return ""
	}
	text, _ := order.String()
	return text
}

// Language returns the language that the page is in (BCP 47), and the person's
// choice, which is "" while it is left to the browser.
func Language() (is, choice string) {
	words, err := js.Get("words")
	if err != nil || words.Type() != safejs.TypeObject {
		return "en", ""
	}
	is, err = js.StringOf(words, "language")
	if err != nil {
		js.LogFailure("language", err)
	}
	chosen, err := words.Call("choice")
	if err != nil {
		js.LogFailure("language", err)
		return is, ""
	}
	choice, err = chosen.String()
	if err != nil {
		js.LogFailure("language", err)
	}
	return is, choice
}

// ChooseLanguage keeps which language the page will be in when it is next
// loaded; "" leaves it to the browser.
func ChooseLanguage(choice string) error {
	words, err := js.Get("words")
	if err == nil {
		_, err = words.Call("choose", choice)
	}
	if err != nil {
		return js.Failure("choose a language", err)
	}
	return nil
}

// TimeStyle says what of a time is written.
type TimeStyle uint8

const (
	TimeOfDay TimeStyle = iota // 14:05
	Weekday                    // Monday
	Day                        // 3 November
	DayOfYear                  // 3 November 2025
)

// FormatTime writes a time, as the clock in its location shows it, the way the
// person is used to (ECMA-402, Section 11).
func FormatTime(t time.Time, style TimeStyle) string {
	options := map[string]any{"timeZone": "UTC", "numberingSystem": "latn"}
	switch style {
	case TimeOfDay:
		options["hour"], options["minute"] = "numeric", "2-digit"
	case Weekday:
		options["weekday"] = "long"
	case DayOfYear:
		options["year"] = "numeric"
		fallthrough
	default:
		options["day"], options["month"] = "numeric", "long"
	}
	_, offset := t.Zone()
	text, err := format("DateTimeFormat", options, t.UnixMilli()+int64(offset)*1000)
	if err != nil {
		js.LogFailure("write a time", err)
		return t.Format(time.DateTime)
	}
	return text
}

// FormatWait says when something will be, in a number of units from now: in 2
// minutes (ECMA-402, Section 17). A unit is "second", "minute" or "hour".
func FormatWait(n int, unit string) string {
	text, err := format("RelativeTimeFormat", map[string]any{"numeric": "always"}, n, unit)
	if err != nil {
		js.LogFailure("write a duration", err)
		return strconv.Itoa(n) + " " + unit
	}
	return text
}

// FormatSize writes a number of octets the way the person is used to (ECMA-402,
// Section 16): 812 bytes, 3.4 MB.
func FormatSize(octets int64) string {
	unit, display, value := 0, "short", float64(octets)
	for units := len(sizeUnits); value >= 999.5 && unit < units-1; unit++ {
		value /= 1000
	}
	digits := 0
	if unit > 0 && value < 9.95 {
		digits = 1
	}
	if unit == 0 {
		display = "long"
	}
	text, err := format("NumberFormat", map[string]any{
		"style": "unit", "unit": sizeUnits[unit], "unitDisplay": display,
		"minimumFractionDigits": digits, "maximumFractionDigits": digits, "numberingSystem": "latn",
	}, value)
	if err != nil {
		js.LogFailure("write a size", err)
		return strconv.FormatInt(octets, 10)
	}
	return text
}

var sizeUnits = [...]string{"byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"} // ECMA-402, Section 6.6

func format(class string, options map[string]any, args ...any) (string, error) {
	tag := "en-GB"
	if words, err := js.Get("words"); err == nil && words.Type() == safejs.TypeObject {
		if tag, err = js.StringOf(words, "tag"); err != nil {
			return "", err
		}
	}
	formats, err := js.Get("Intl", class)
	if err != nil {
		return "", err
	}
	formatter, err := formats.New(tag, options)
	if err != nil {
		return "", err
	}
	text, err := formatter.Call("format", args...)
	if err != nil {
		return "", err
	}
	return text.String()
}
