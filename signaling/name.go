package signaling

import (
	"strconv"
	"strings"
	"unicode"
)

const (
	maxName  = 40 // ours; runes
	maxMarks = 3  // ours; on one letter, enough for the living scripts
)

// CleanName returns the name that somebody claims in a form that cannot disturb
// the page around it: one line of at most 40 runes, with one space between words.
// It removes control, format and other invisible characters, among them those that
// reorder the text around them, and combining marks without a letter or beyond
// three on one letter. Two names may still look alike: a name proves nothing.
func CleanName(name string) string {
	var clean []rune
	marks := maxMarks // on the last letter; there is none yet
	for _, r := range name {
		switch {
		case isBlank(r):
			if r, marks = ' ', maxMarks; len(clean) == 0 || clean[len(clean)-1] == ' ' {
				continue
			}
		case isInvisible(r):
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		if clean = append(clean, r); len(clean) == maxName {
			break
		}
	}
	return strings.TrimSuffix(string(clean), " ")
}

// isBlank reports whether r takes up space but shows nothing.
func isBlank(r rune) bool {
	const brailleBlank = '\u2800' // a symbol, to Unicode
	return unicode.IsSpace(r) || r == brailleBlank
}

// isInvisible reports whether r shows nothing by itself or is unknown to Go's
// Unicode tables.
func isInvisible(r rune) bool {
	return !strconv.IsPrint(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}
