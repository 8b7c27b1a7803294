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

// CleanName makes a name of what somebody says theirs is, so that it stays
// within its place on a page: at most 40 runes on one line, in words with one
// space between them. Control, format and other invisible characters are left
// out, among them those that reorder the text around them, and so are marks
// that have no letter or are piled on one. Two names may still look alike: a
// name proves nothing.
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

// isBlank reports whether r takes room and shows nothing.
func isBlank(r rune) bool {
	const brailleBlank = '\u2800' // a symbol, to Unicode
	return unicode.IsSpace(r) || r == brailleBlank
}

// isInvisible reports whether r is no character that shows by itself, or one
// that Go's tables do not know.
func isInvisible(r rune) bool {
	return !strconv.IsPrint(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}
