package conformance

import (
	"net/http"
	"testing"
)

// Spellings are ways in which proxies and runtimes write the address of a
// client: each with the address, or without where there is none, which leaves
// the proxy itself. They are for tests of parsers, too.
var Spellings = []struct{ Text, Address string }{
	{"203.0.113.9", "203.0.113.9"},
	{"203.0.113.9:52044", "203.0.113.9"},
	{"203.0.113.9:0", "203.0.113.9"},
	{"203.0.113.9:_port", "203.0.113.9"},
	{"203.0.113.9:", "203.0.113.9"},
	{"[203.0.113.9]", "203.0.113.9"},
	{`"203.0.113.9"`, "203.0.113.9"},
	{`"203.0.113.9:52044"`, "203.0.113.9"},
	{"\t203.0.113.9:52044 ", "203.0.113.9"},
	{"::ffff:203.0.113.9", "203.0.113.9"},
	{"::FFFF:203.0.113.9", "203.0.113.9"},
	{"::ffff:cb00:7109", "203.0.113.9"},
	{"0:0:0:0:0:ffff:203.0.113.9", "203.0.113.9"},
	{"0000:0000:0000:0000:0000:FFFF:CB00:7109", "203.0.113.9"},
	{"[::ffff:203.0.113.9]", "203.0.113.9"},
	{"[::ffff:203.0.113.9]:52044", "203.0.113.9"},
	{"::ffff:203.0.113.9%eth0", "203.0.113.9"},

	{"2001:db8::1", "2001:db8::1"},
	{"2001:DB8::1", "2001:db8::1"},
	{"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
	{"2001:db8:0:0::0:1", "2001:db8::1"},
	{"2001:db8::0.0.0.1", "2001:db8::1"},
	{"[2001:db8::1]", "2001:db8::1"},
	{"[2001:db8::1]:52044", "2001:db8::1"},
	{"[2001:DB8::1]:52044", "2001:db8::1"},
	{"[2001:db8::1]:_port", "2001:db8::1"},
	{`"[2001:db8::1]:52044"`, "2001:db8::1"},
	{`"[2001:db8::1]"`, "2001:db8::1"},
	{`"2001:db8::1"`, "2001:db8::1"},
	{"2001:db8::1%eth0", "2001:db8::1"},
	{"[2001:db8::1%eth0]:52044", "2001:db8::1"},
	{"[2001:db8::1%25eth0]", "2001:db8::1"},

	{"unknown", ""},
	{"_hidden", ""},
	{"_hidden:80", ""},
	{"unknown:80", ""},
	{"localhost", ""},
	{"203.0.113", ""},
	{"203.0.113.256", ""},
	{"203.0.113.9.1", ""},
	{"0xcb.0.113.9", ""},
	{"3405803785", ""},
	{"203.0.113.9:1:2", ""},
	{"[2001:db8::1", ""},
	{"[2001:db8::1]52044", ""},
	{"2001:db8::1::2", ""},
	{"2001:db8::10000", ""},
	{"2001:db8", ""},
	{":::", ""},
	{"[]:1", ""},
	{"https://203.0.113.9/", ""},
}

// clients has one client's address written in all ways.
func (s *suite) clients(t *testing.T) {
	b := s.start(t, func(s *Setup) { s.Burst, s.Rate, s.Behind = 1, 0.001, true })
	endpoint := b.service.Endpoint(Hosts[0], Created)
	from := func(t *testing.T, text string) answer {
		fields := make(http.Header)
		s.form.Client(fields, text)
		header := messageTo(endpoint)
		for name, values := range fields {
			header = with(header, name, values...)
		}
		return b.post(t, header, "body")
	}
	// What is not read counts as one client, too: that of the proxy.
	for _, address := range []string{"203.0.113.9", "2001:db8::1", "unknown"} {
		from(t, address).carried(t, 201)
	}
	from(t, "203.0.113.10:52044").carried(t, 201)
	from(t, "[2001:db8:0:1::1]:52044").carried(t, 201)
	for _, spelling := range Spellings {
		s.run(t, "client "+spelling.Text, func(t *testing.T) { from(t, spelling.Text).refused(t, 429) })
	}
	s.run(t, "client of the same /64", func(t *testing.T) { from(t, `"[2001:DB8::AAAA:1%eth0]:1"`).refused(t, 429) })
	s.run(t, "client after others in a list", func(t *testing.T) { from(t, "198.51.100.1, 203.0.113.9:1, ,").refused(t, 429) })
}
