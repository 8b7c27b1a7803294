package conformance

import "strings"

const (
	fcm = "https://fcm.googleapis.com/fcm/send/"

	// maxEndpoint is the longest endpoint that a relay takes; octets.
	maxEndpoint = 2048
)

// Hostile are texts in the place of an endpoint that no relay carries to,
// whichever way a program might read them: 400 where the text is none, 403
// where it is at no push service. They are for tests of parsers, too.
var Hostile = []struct {
	Name, Text string
	Status     int
}{
	{"nothing", "", 400},
	{"no URL", "fcm", 400},
	{"no host", "https://", 400},
	{"no host but a path", "https:///fcm/send", 400},
	{"no path", "https://fcm.googleapis.com", 400},
	{"query in place of the path", "https://fcm.googleapis.com?x=/", 400},
	{"one slash", "https:/fcm.googleapis.com/x", 400},
	{"no slashes", "https:fcm.googleapis.com/x", 400},
	{"relative", "//fcm.googleapis.com/x", 400},
	{"a path", "/fcm/send/x", 400},
	{"too long by one", fcm + strings.Repeat("x", maxEndpoint-len(fcm)+1), 400},

	{"http", "http://fcm.googleapis.com/x", 400},
	{"ws", "wss://fcm.googleapis.com/x", 400},
	{"file", "file://fcm.googleapis.com/etc/passwd", 400},
	{"gopher", "gopher://fcm.googleapis.com:443/_POST", 400},
	{"scheme with a plus", "https+unix://fcm.googleapis.com/x", 400},
	{"scheme within a scheme", "https://https://fcm.googleapis.com/x", 400},
	{"space before", " https://fcm.googleapis.com/x", 400},
	{"space after", "https://fcm.googleapis.com/x ", 400},

	{"another host", "https://evil.example/x", 403},
	{"a service's name in front", "https://fcm.googleapis.com.evil.example/x", 403},
	{"a service's name at the end", "https://evilfcm.googleapis.com/x", 403},
	{"suffix without a dot", "https://evilpush.apple.com/x", 403},
	{"suffix alone", "https://push.apple.com/x", 403},
	{"suffix with nothing before it", "https://.push.apple.com/x", 400},
	{"below an exact name", "https://x.fcm.googleapis.com/x", 403},
	{"above an exact name", "https://googleapis.com/x", 403},
	{"suffix as a label", "https://push.apple.com.co/x", 403},
	{"metadata by name", "https://metadata.google.internal/x", 403},
	{"localhost", "https://localhost/x", 403},
	{"one label", "https://relay/x", 403},

	{"another port", "https://fcm.googleapis.com:8443/x", 400},
	{"port 80", "https://fcm.googleapis.com:80/x", 400},
	{"port 0443", "https://fcm.googleapis.com:0443/x", 400},
	{"port 4430", "https://fcm.googleapis.com:4430/x", 400},
	{"empty port", "https://fcm.googleapis.com:/x", 400},
	{"two ports", "https://fcm.googleapis.com:443:443/x", 400},
	{"two ports, the wrong one first", "https://fcm.googleapis.com:22:443/x", 400},
	{"port by name", "https://fcm.googleapis.com:https/x", 400},
	{"port alone", "https://:443/x", 400},

	{"user", "https://user@fcm.googleapis.com/x", 400},
	{"user and password", "https://user:password@fcm.googleapis.com/x", 400},
	{"empty user", "https://@fcm.googleapis.com/x", 400},
	{"service as the user", "https://fcm.googleapis.com@evil.example/x", 400},
	{"service as user and password", "https://fcm.googleapis.com:443@evil.example/x", 400},
	{"two at signs", "https://a@evil.example@fcm.googleapis.com/x", 400},
	{"service as the user, escaped slash", "https://fcm.googleapis.com%2f@evil.example/x", 400},

	{"trailing dot", "https://fcm.googleapis.com./x", 400},
	{"trailing dot and port", "https://fcm.googleapis.com.:443/x", 400},
	{"two dots", "https://fcm..googleapis.com/x", 400},
	{"dots only", "https://../x", 400},
	{"name too long", "https://" + strings.Repeat("a.", 121) + "push.apple.com/x", 400},

	{"backslash before an at sign", `https://evil.example\@fcm.googleapis.com/x`, 400},
	{"backslash for a slash", `https://fcm.googleapis.com\x`, 400},
	{"backslashes for both", `https:\\fcm.googleapis.com\x`, 400},
	{"backslash in the path", `https://fcm.googleapis.com/\evil.example`, 400},
	{"query before an at sign", "https://evil.example?@fcm.googleapis.com/x", 400},
	{"fragment before an at sign", "https://evil.example#@fcm.googleapis.com/x", 400},
	{"fragment", "https://fcm.googleapis.com/x#y", 400},
	{"semicolon", "https://evil.example;fcm.googleapis.com/x", 400},
	{"comma", "https://fcm.googleapis.com,evil.example/x", 400},
	{"two URLs", "https://fcm.googleapis.com/x, https://evil.example/", 400},
	{"underscore", "https://evil_.push.apple.com/x", 400},
	{"asterisk", "https://*.push.apple.com/x", 400},

	{"escaped letter", "https://%66cm.googleapis.com/x", 400},
	{"escaped dot", "https://fcm%2egoogleapis.com/x", 400},
	{"escaped slash", "https://evil.example%2f.push.apple.com/x", 400},
	{"escaped at sign", "https://evil.example%40fcm.googleapis.com/x", 400},
	{"escaped NUL", "https://evil.example%00.push.apple.com/x", 400},
	{"escaped non-ASCII", "https://%C3%A9.push.apple.com/x", 400},
	{"broken escape in the path", "https://fcm.googleapis.com/%zz", 400},
	{"half an escape in the path", "https://fcm.googleapis.com/%2", 400},

	{"full-width letters", "https://ｆｃｍ.googleapis.com/x", 400},
	{"ideographic full stop", "https://fcm。googleapis。com/x", 400},
	{"Kelvin sign for a k", "https://\u212a.push.apple.com/x", 400},
	{"long s", "https://web.pu\u017fh.apple.com/x", 400},
	{"sharp s", "https://web.pu\u00dfh.apple.com/x", 400},
	{"soft hyphen", "https://fcm.google\u00adapis.com/x", 400},
	{"zero-width joiner", "https://fcm.googleapis\u200d.com/x", 400},
	{"Cyrillic letter", "https://fcm.g\u043eogleapis.com/x", 400},
	{"the same in Punycode", "https://fcm.xn--gogleapis-kcf.com/x", 403},
	{"non-ASCII in the path", "https://fcm.googleapis.com/é", 400},
	{"not UTF-8", "https://fcm.googleapis.com/\xff", 400},

	{"tab in the host", "https://fcm.goo\tgleapis.com/x", 400},
	{"line feed in the host", "https://fcm.goo\ngleapis.com/x", 400},
	{"request smuggled by the path", "https://fcm.googleapis.com/x HTTP/1.1\r\nHost: evil.example", 400},
	{"NUL", "https://fcm.googleapis.com\x00.evil.example/x", 400},
	{"DEL", "https://fcm.googleapis.com/\x7f", 400},

	{"IPv4", "https://127.0.0.1/x", 403},
	{"IPv4 and port 443", "https://127.0.0.1:443/x", 403},
	{"metadata by address", "https://169.254.169.254/latest/meta-data/", 403},
	{"IPv4, short", "https://127.1/x", 403},
	{"IPv4 as one number", "https://2130706433/x", 403},
	{"IPv4, hexadecimal", "https://0x7f000001/x", 403},
	{"IPv4, octal", "https://0177.0.0.1/x", 403},
	{"IPv4 below a suffix", "https://127.0.0.1.push.apple.com.nip.io/x", 403},
	{"IPv6", "https://[::1]/x", 400},
	{"IPv6 and port 443", "https://[::1]:443/x", 400},
	{"IPv6 with an IPv4 address", "https://[::ffff:127.0.0.1]/x", 400},
	{"IPv6 with a zone", "https://[fe80::1%25eth0]/x", 400},
	{"IPv6 with a service for a zone", "https://[::1%25.push.apple.com]/x", 400},
	{"a name in brackets", "https://[fcm.googleapis.com]/x", 400},
	{"brackets before a name", "https://[::1].push.apple.com/x", 400},
}
