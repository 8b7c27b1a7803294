package webpush

import (
	"strconv"
	"strings"
	"time"
)

// parseDate reads a date of HTTP (RFC 9110, Section 5.6.7), in the form that is
// to be sent or in one of the two obsolete ones:
//
//	Sun, 06 Nov 1994 08:49:37 GMT
//	Sunday, 06-Nov-94 08:49:37 GMT
//	Sun Nov  6 08:49:37 1994
//
// time.Parse, which nothing else in a page needs, takes 6 kB of brotli.
func parseDate(text string) (date time.Time, ok bool) {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,-:", r) })
	switch {
	case len(words) == 7: // the last form, which has month, day and time before the year
		words = []string{words[0], words[2], words[1], words[6], words[3], words[4], words[5]}
	case len(words) != 8 || words[7] != "GMT":
		return time.Time{}, false
	}
	month := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", words[2])
	if month%3 != 0 || len(words[2]) != 3 {
		return time.Time{}, false
	}
	var n [7]int
	for _, i := range [...]int{1, 3, 4, 5, 6} { // day, year, hour, minute, second
		number, err := strconv.ParseUint(words[i], 10, 16)
		if err != nil {
			return time.Time{}, false
		}
		n[i] = int(number)
	}
	if len(words[3]) == 2 { // of the years 1969 to 2068
		n[3] += 1900
		if n[3] < 1969 {
			n[3] += 100
		}
	}
	date = time.Date(n[3], time.Month(1+month/3), n[1], n[4], n[5], n[6], 0, time.UTC)
	return date, date.Day() == n[1] && date.Hour() == n[4] && date.Minute() == n[5] && date.Second() == n[6]
}
