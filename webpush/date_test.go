package webpush

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Dates mean what they mean to the time package.
func TestDates(t *testing.T) {
	layouts := []string{"Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC}
	for range 1000 {
		want := time.Unix(rand.Int64N(1<<32), 0).UTC()
		for _, layout := range layouts {
			text := want.Format(layout)
			want, err := time.Parse(layout, text) // of two digits of a year, not every one
			if err != nil {
				t.Fatal(err)
			}
			if date, ok := parseDate(text); !ok || !date.Equal(want) {
				t.Errorf("%s is %v, %v", text, date, ok)
			}
		}
	}
	for _, text := range []string{
		"",
		"Sun, 06 Nov 1994 08:49:37",
		"Sun, 06 Nov 1994 08:49:37 CET",
		"Sun, 31 Nov 1994 08:49:37 GMT",
		"Sun, 00 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 24:49:37 GMT",
		"Sun, 06 Nov 1994 08:60:37 GMT",
		"Sun, 06 Nov 1994 08:49:60 GMT",
		"Sun, 06 ovD 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:x GMT",
		"Sun, 06 N 1994 08:49:37 GMT",
		"Sun, 06 Mai 1994 08:49:37 GMT",
		"Sun, 06 Nov 99999 08:49:37 GMT",
		"Sun, 6 11 08 49 37 1994",
	} {
		if date, ok := parseDate(text); ok {
			t.Errorf("%q is %v", text, date)
		}
	}
}
