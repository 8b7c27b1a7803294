package webpush

import (
	"errors"
	"strings"
	"testing"
)

// TestPublicSubjects: whatever spells a name that nobody far away can look up is
// no contact (web-push#947, #787; meshcore#288; omp-session-gateway#173).
func TestPublicSubjects(t *testing.T) {
	label := strings.Repeat("a", maxLabel)
	for host, public := range map[string]bool{
		"example.com": true, "Push.EXAMPLE.com": true, "a.b.c.example.co.uk": true, "xn--bcher-kva.de": true, "3com.com": true,
		"example.com.local.net": true, "localhost.net": true, "my-test.app": true, "latest": false, "arpa.net": true, label + ".de": true,
		"localhost": false, "LOCALHOST": false, "localhost.": false, "a.localhost": false, "localhost.localdomain": false,
		"pushcall": false, "printer.local": false, "Printer.LOCAL": false, "a.invalid": false, "a.test": false, "page.example": false,
		"a.internal": false, "x.onion": false, "nas.home.arpa": false, "home.arpa": false, "router.lan": false, "a.corp": false,
		"127.0.0.1": false, "192.168.1.1": false, "8.8.8.8": false, "127.1": false, "0x7f.1": false, "1.0x7f": false, "[::1]": false, "[2001:db8::1]": false,
		"example.com.": false, "example..com": false, ".example.com": false, "-a.com": false, "a-.com": false, "a_b.com": false,
		"%6cocalhost": false, "b%C3%BCcher.de": false, "bücher.de": false, "exa mple.com": false, "example.com%00": false,
		label + "a.de": false, strings.Repeat("a.", 126) + "com": false, "a.123": false, "": false,
	} {
		for _, subject := range []string{"https://" + host, "https://" + host + ":8443/contact?a", "mailto:push@" + host} {
			if got := IsSubject(subject); got != public {
				t.Errorf("%q is %t", subject, got)
			}
			if _, err := NewVAPID(newCountingSigner(t), subject); (err == nil) != public || !public && !errors.Is(err, ErrSubject) {
				t.Errorf("%q: %v", subject, err)
			}
		}
	}
	for _, subject := range []string{
		"https://user@example.com", "https://example.com@localhost", "https://localhost@example.com", "https://example.com:port", "https:///example.com",
		"mailto:a@b@example.com", "mailto:a@localhost,b@example.com", "mailto:a,b@example.com", "mailto:a@example.com?subject=x", "mailto:?to=a@example.com",
		"mailto:a@example.com:25", "mailto:a@[127.0.0.1]", "mailto://a@example.com", "//example.com", "ftp://example.com",
	} {
		if IsSubject(subject) {
			t.Errorf("%q is a subject", subject)
		}
	}
}

// TestSubjectWanted: no other than Apple's service asks for a contact.
func TestSubjectWanted(t *testing.T) {
	vapid := newVAPID(t, newCountingSigner(t), "")
	for endpoint, wanted := range map[string]bool{
		"https://web.push.apple.com/Q": true, "https://api.sandbox.push.apple.com/Q": true, "https://push.apple.com:443/Q": true, "HTTPS://Web.Push.Apple.COM/Q": true,
		"https://fcm.googleapis.com/a": false, "https://updates.push.services.mozilla.com/a": false, "https://push.example.net/a": false,
	} {
		if _, err := vapid.Authorization(t.Context(), newEndpoint(t, endpoint)); errors.Is(err, ErrSubject) != wanted {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}

func FuzzIsSubject(f *testing.F) {
	for _, text := range []string{"mailto:push@example.com", "https://example.com:8443/a?b#c", "https://LOCALHOST./", "mailto:a%40b@c.d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !IsSubject(text) {
			return
		}
		if strings.ContainsAny(text, "\"\\ \r\n<>") { // it is put into JSON as it is
			t.Fatalf("%q", text)
		}
		rest := strings.ToLower(text[strings.IndexByte(text, ':')+1:])
		host := strings.TrimPrefix(rest, "//")
		if _, after, found := strings.Cut(rest, "@"); found && strings.HasPrefix(text, "mailto:") {
			host = after
		}
		if end := strings.IndexAny(host, "/?#:"); end >= 0 {
			host = host[:end]
		}
		if !strings.Contains(host, ".") || within(host, "localhost") || within(host, "local") || within(host, "invalid") {
			t.Fatalf("%q is of %q", text, host)
		}
	})
}
