//go:build js && wasm

package browser

import (
	"strconv"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/internal/speech"
	"pushcall/wasm/js"
)

// The page's words are those of web/words.js, which has chosen the language
// before the program starts. Where it is not there, as in tests, they are
// English.

// Words is the language of the page's catalogue and the browser's formats.
type Words struct{}

var _ speech.Language = Words{}

// Translate looks a text up in the catalogue; see [speech.Language].
func (Words) Translate(text string, number ...int) string {
	words, err := js.Get("words")
	if err != nil || words.Type() != safejs.TypeObject {
		return text
	}
	args := []any{text}
	for _, n := range number {
		args = append(args, n)
	}
	found, err := words.Call("of", args...)
	if err != nil || found.Type() != safejs.TypeString {
		return text
	}
	said, err := found.String()
	if err != nil {
		return text
	}
	return said
}

// Order writes the indexes of the texts that contain what is searched for, in the order
// of the person's language, with spaces between them. Numbers in texts count by their
// value (ECMA-402, Section 10). Case, accents and spaces around what is searched for do
// not count.
func Order(texts []any, search string) string {
	words, err := js.Get("words")
	if err != nil {
		js.LogFailure("sort", err)
		return ""
	}
	order, err := words.Call("order", texts, search)
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

// FormatTime writes a time, as the clock in its location shows it, the way the
// person is used to (ECMA-402, Section 11).
func (Words) FormatTime(t time.Time, style speech.TimeStyle) string {
	options := map[string]any{"timeZone": "UTC", "numberingSystem": "latn"}
	switch style {
	case speech.TimeOfDay:
		options["hour"], options["minute"] = "numeric", "2-digit"
	case speech.Weekday:
		options["weekday"] = "long"
	case speech.DayOfYear:
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
func (Words) FormatWait(n int, unit string) string {
	text, err := format("RelativeTimeFormat", map[string]any{"numeric": "always"}, n, unit)
	if err != nil {
		js.LogFailure("write a duration", err)
		return strconv.Itoa(n) + " " + unit
	}
	return text
}

// FormatSize writes a number of octets the way the person is used to (ECMA-402,
// Section 16): 812 bytes, 3.4 MB.
func (Words) FormatSize(octets int64) string {
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
