//go:build js && wasm

package page

import (
	"strings"
	"testing"
)

func TestLinked(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"no link", "no link"},
		{"see https://example.org/a?b=c#d.", "see [https://example.org/a?b=c#d → https://example.org/a?b=c#d]."},
		{"http://example.org", "[http://example.org → http://example.org/]"},
		{"(https://example.org/wiki/Go_(game))", "([https://example.org/wiki/Go_(game) → https://example.org/wiki/Go_(game)])"},
		{"a https://x.example/1, b https://x.example/2!", "a [https://x.example/1 → https://x.example/1], b [https://x.example/2 → https://x.example/2]!"},
		{"看https://example.org/。好", "看[https://example.org/ → https://example.org/]。好"},
		{"HTTPS://EXAMPLE.org/", "[HTTPS://EXAMPLE.org/ → https://example.org/]"},
		{"javascript:alert(1) javascript://x data:text/html,x file:///etc/passwd ftp://x", "javascript:alert(1) javascript://x data:text/html,x file:///etc/passwd ftp://x"},
		{"xhttps://example.org", "xhttps://example.org"},
		{"https:// http://, https://@", "https:// http://, https://@"},
		{"https://bank.example@evil.example/", "https://bank.example@evil.example/"},
		{"https:///bank.example@evil.example/ https:////bank.example@evil.example", "https:///bank.example@evil.example/ https:////bank.example@evil.example"},
		{`https://bank.example\@evil.example/`, `[https://bank.example → https://bank.example/]\@evil.example/`},
		{"https://аpple.com/", "[https://xn--pple-43d.com/ → https://xn--pple-43d.com/]"}, // a Cyrillic letter
		{"https://0x7f.1/", "[https://127.0.0.1/ → https://127.0.0.1/]"},
		{"https://evil.example/\u202emoc.knab", "[https://evil.example/ → https://evil.example/]\u202emoc.knab"},
		{"https://example.org:99999/", "https://example.org:99999/"},
		{"<a href=https://example.org>x</a>", "<a href=[https://example.org → https://example.org/]>x</a>"},
	} {
		if got := drawn(runs(test.text)); got != test.want {
			t.Errorf("%q becomes %q, want %q", test.text, got, test.want)
		}
	}
}

func TestLinksAreBounded(t *testing.T) {
	text := strings.Repeat("https://example.org ", 1000)
	if parts := runs(text); len(parts) > 2*maxLinks+1 {
		t.Errorf("%d elements", len(parts))
	}
	if parts := runs(strings.Repeat("https://"+strings.Repeat(")", 4000)+"://", 4)); len(parts) != 1 {
		t.Errorf("%d elements", len(parts))
	}
}

// drawn writes runs with where links lead.
func drawn(runs []run) string {
	s := ""
	for _, r := range runs {
		if r.target != "" {
			s += "[" + r.text + " → " + r.target + "]"
		} else {
			s += r.text
		}
	}
	return s
}
