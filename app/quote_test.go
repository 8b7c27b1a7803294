package app

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestQuote(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"hello", "> hello\n"},
		{"  two\nlines \n", "> two\n> lines\n"},
		{"> a quote\nand a reply", "> and a reply\n"},
		{"> only a quote", "> > only a quote\n"},
		{"1\n2\n3\n4", "> 1\n> 2\n> 3\n> …\n"},
		{strings.Repeat("語", 121), "> " + strings.Repeat("語", 120) + "…\n"},
		{strings.Repeat("語", 120), "> " + strings.Repeat("語", 120) + "\n"},
		{"\u202eturned", "> \u202eturned\n"},
	} {
		if got := Quote(test.text); got != test.want {
			t.Errorf("%q becomes %q, want %q", test.text, got, test.want)
		}
		if quote, rest := SplitQuote(Quote(test.text) + "reply"); quote != test.want || rest != "reply" {
			t.Errorf("%q is split into %q and %q", test.text, quote, rest)
		}
	}
}

// A reaction is a quote and one emoji, and nothing else is.
func TestIsReaction(t *testing.T) {
	for text, want := range map[string]bool{
		Quote("hello") + "👍": true, "> a\n> b\n❤️": true, "> \n🙏": true,
		"👍": false, "> a\n👍👍": false, "> a\n👍 ": false, "> a\nok": false, "> a\n": false, "> a": false, "a\n👍": false, ">a\n👍": false, "> a\n❤": false, "> a\n💣": false, "": false,
	} {
		if emoji, is := IsReaction(text); is != want || is && !strings.HasSuffix(text, emoji) {
			t.Errorf("%q: %v, %q", text, is, emoji)
		}
	}
}

func TestQuotes(t *testing.T) {
	for _, test := range []struct {
		text, other string
		want        bool
	}{
		{"> hello\n👍", "hello", true},
		{"> hello\n👍", "> before\nhello", true},
		{"> hello\n👍", "hello!", false},
		{"> hell\n👍", "hello", false},
		{"hello", "hello", false},
		{"", "", false},
	} {
		if got := Quotes(test.text, test.other); got != test.want {
			t.Errorf("%q quotes %q: %v", test.text, test.other, got)
		}
	}
}

func TestFolds(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, strings.Repeat("語", 600): false, strings.Repeat("語", 601): true,
		strings.Repeat("\n", 11): false, strings.Repeat("a\n", 12): true,
	} {
		if Folds(text) != want {
			t.Errorf("%d octets: not %v", len(text), want)
		}
	}
}

// Whatever a friend writes is split into what it was, and quoted it is a short quote of
// itself.
func FuzzQuote(f *testing.F) {
	for _, text := range []string{"", "hello", "> a\nb", "> ", ">", "> a", "\n> a", "> a\r\nb", "\u2028> a", strings.Repeat("> a\n", 1000)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quote, rest := SplitQuote(text)
		if quote+rest != text || strings.HasPrefix(rest, quoteMark) {
			t.Errorf("%q is split into %q and %q", text, quote, rest)
		}
		for _, line := range strings.SplitAfter(quote, "\n") {
			if line == "" {
				continue
			}
			if mark, _ := Unquote(line); mark != quoteMark {
				t.Errorf("a line of the quote is %q", line)
			}
		}
		short := Quote(text)
		if got, rest := SplitQuote(short + "👍"); got != short || rest != "👍" || !Quotes(short+"👍", text) {
			t.Errorf("%q becomes %q, which is split into %q and %q", text, short, got, rest)
		}
		if n := utf8.RuneCountInString(short); n > quoteRunes+2+3*(quoteLines+1) || strings.Count(short, "\n") > quoteLines+1 {
			t.Errorf("%q has %d runes", short, n)
		}
	})
}
