package app

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A reply and a reaction are plain texts, which every version of the page can show: first
// the quoted text, each line after "> ", and then the reply or a single emoji. Nothing in
// them says who wrote the quoted text, so nobody can put words into another's mouth.

const (
	quoteMark  = "> "
	quoteLines = 3   // at most, of a text that is quoted
	quoteRunes = 120 // at most

	foldLines = 12  // a text with more is folded
	foldRunes = 600 // as is one with more of these
)

// Emojis are those that people react by.
var Emojis = [...]string{"👍", "❤️", "😂", "😮", "😢", "🙏"}

// SplitQuote splits a text into its leading lines that begin with the mark of a quote and
// the rest. Both together are the text.
func SplitQuote(text string) (quote, rest string) {
	at := 0
	for strings.HasPrefix(text[at:], quoteMark) {
		line := strings.IndexByte(text[at:], '\n')
		if line < 0 {
			at = len(text)
			break
		}
		at += line + 1
	}
	return text[:at], text[at:]
}

// Unquote returns a line of a quote in two parts: its mark and the rest.
func Unquote(line string) (mark, rest string) { return line[:len(quoteMark)], line[len(quoteMark):] }

// Quote returns the beginning of a text as a quote, to be followed by a reply. What the
// text itself quotes is left out.
func Quote(text string) string {
	_, rest := SplitQuote(text)
	if strings.TrimSpace(rest) == "" {
		rest = text
	}
	rest = strings.TrimSpace(rest)
	if n := 0; utf8.RuneCountInString(rest) > quoteRunes {
		for range quoteRunes {
			_, size := utf8.DecodeRuneInString(rest[n:])
			n += size
		}
		rest = rest[:n] + "…"
	}
	lines := strings.Split(rest, "\n")
	if len(lines) > quoteLines {
		lines = append(lines[:quoteLines], "…")
	}
	return quoteMark + strings.Join(lines, "\n"+quoteMark) + "\n"
}

// IsReaction reports whether a text is a quote and one of the Emojis, which it returns.
func IsReaction(text string) (emoji string, is bool) {
	quote, rest := SplitQuote(text)
	return rest, quote != "" && slices.Contains(Emojis[:], rest)
}

// Quotes reports whether a text begins with a quote of another.
func Quotes(text, other string) bool {
	quote, _ := SplitQuote(text)
	return quote != "" && quote == Quote(other)
}

// Folds reports whether a text is so long that only its beginning is shown at first.
func Folds(text string) bool {
	return strings.Count(text, "\n") >= foldLines || utf8.RuneCountInString(text) > foldRunes
}
