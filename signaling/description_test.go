package signaling

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// fixtures reads the descriptions of data channels in testdata by name. Those
// of Firefox 153, Chromium 156 and pion 3.3.6 are captured, with a STUN and a
// TURN server and, in the "-addresses" ones, without mDNS names. Those after an
// ICE restart are of e2e/capture.mjs, with no server. Safari's are written by
// hand.
func fixtures(t testing.TB) map[string]string {
	sdp := readFixtures(t, 24)
	maps.DeleteFunc(sdp, func(name, _ string) bool { return strings.Contains(name, "-media-") })
	return sdp
}

// mediaFixtures reads those that have audio and video too, which the same
// browsers made.
func mediaFixtures(t testing.TB) map[string]string {
	sdp := readFixtures(t, 24)
	maps.DeleteFunc(sdp, func(name, _ string) bool { return !strings.Contains(name, "-media-") })
	return sdp
}

func readFixtures(t testing.TB, want int) map[string]string {
	files, err := filepath.Glob("testdata/*.sdp")
	if err != nil || len(files) != want {
		t.Fatalf("%d fixtures, %v; want %d", len(files), err, want)
	}
	sdp := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sdp[strings.TrimSuffix(filepath.Base(file), ".sdp")] = string(text)
	}
	return sdp
}

// describe formats candidates briefly.
func describe(list []Candidate) []string {
	var text []string
	for _, c := range list {
		host := c.MDNS.String()[:8]
		if c.Addr.IsValid() {
			host = c.Addr.String()
		}
		text = append(text, fmt.Sprint(c.Type, " ", c.Protocol, " ", c.Priority, " ", host, " ", c.Port))
	}
	return text
}

func TestParseSDP(t *testing.T) {
	sdp := fixtures(t)
	for name, want := range map[string]struct {
		ufrag, pwd string
		setup      Setup
		large      bool
		candidates []string
	}{
		"firefox-offer": {"2817dcb3", "9941969c5bc251489cf0746d14b0cf83", ActPass, true, []string{
			"host udp 2122187007 0eb2bf18 57795",
			"host udp 2122252543 401540a1 54334",
			"srflx udp 1685987327 198.51.100.7 57795",
			"srflx udp 1685987071 192.0.2.2 57795",
			"relay udp 92151551 203.0.113.5 59099",
		}},
		"firefox-addresses-answer": {"273d950d", "7a1b815fba01949670f9474905f3e855", Active, true, []string{
			"host udp 2122187007 192.0.2.2 60067",
			"host udp 2122252543 2001:db8::2 40961",
			"srflx udp 1685987327 198.51.100.7 60067",
			"relay udp 92151551 203.0.113.5 34192",
		}},
		"chromium-offer": {"xlcg", "BGXCZd5pTc4LudUs6NoxzhBe", ActPass, true, []string{
			"host udp 2113937151 3ceaad5a 59009",
			"host udp 2113942271 6b62101b 54488",
			"srflx udp 1677729535 192.0.2.2 59009",
			"srflx udp 1677729535 198.51.100.7 59009",
			"relay udp 50339839 203.0.113.5 60925",
		}},
		"chromium-addresses-answer": {"q8ja", "n9jMkGmU9X6dJvX4wQ6bsyqR", Active, true, []string{
			"host udp 2113937151 192.0.2.2 42288",
			"srflx udp 1677729535 198.51.100.7 42288",
			"host udp 2113942271 2001:db8::2 60681",
			"srflx udp 1677729535 192.0.2.2 42288",
		}},
		"firefox-restart-offer": {"941038e6", "43f08c8560d1a3d14a9ee7c3124e2c44", ActPass, true, []string{
			"host udp 2122187007 3161e25b 33833",
			"host udp 2122252543 ae7e8ac1 57211",
		}},
		"chromium-addresses-restart-offer": {"t7Xf", "4FNzdSDKlCG57dl3nxwnCVjY", ActPass, true, []string{
			"host udp 2113937151 192.0.2.2 37554",
			"host udp 2113942271 fd00::2 52164",
		}},
		"safari-offer": {"8r/Q", "Vn3+0cXbHqzQ7g1m2kLp9sTd", ActPass, true, []string{
			"host udp 2113937151 7f5a6a0e 51470",
			"srflx udp 1677729535 198.51.100.7 51470",
			"srflx udp 1677732095 2001:db8::7 51471",
			"relay udp 41819903 203.0.113.5 51472",
		}},
		"safari-answer": {"mK+4", "a91Zx0XbHqzQ7g1m2kLp9sTd", Active, true, []string{
			"host udp 2113937151 7f5a6a0e 51470",
		}},
		"pion-offer": {"UfwCayNaltMqwxcp", "keSuvTkOiiGoeRfDlcgsSQGAlIDWmzyr", ActPass, false, []string{
			"host udp 2130706431 192.0.2.2 37175",
			"srflx udp 1694498815 198.51.100.7 54322",
			"srflx udp 1694498815 192.0.2.2 35057",
			"relay udp 16777215 203.0.113.5 43544",
			"host udp 2130706431 2001:db8::2 56686",
		}},
	} {
		got, err := ParseSDP(sdp[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.ICEUfrag != want.ufrag || got.ICEPwd != want.pwd || got.Setup != want.setup || got.LargeMessages != want.large {
			t.Errorf("%s: %+v", name, got)
		}
		if list := describe(got.Candidates); !slices.Equal(list, want.candidates) {
			t.Errorf("%s: candidates\n%s", name, strings.Join(list, "\n"))
		}
		if !strings.Contains(sdp[name], formatFingerprint(got.Fingerprint)) {
			t.Errorf("%s: fingerprint %x", name, got.Fingerprint)
		}
	}
}

// Every captured description survives both forms, and has a quarter of its size.
func TestFixturesRoundTrip(t *testing.T) {
	for name, sdp := range fixtures(t) {
		d, err := ParseSDP(sdp)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text := roundTrip(t, d)
		t.Logf("%-25s %2d candidates: %4d octets, compact %3d", name, len(d.Candidates), len(sdp), len(text))
		if len(text) > 250 {
			t.Errorf("%s: %d characters", name, len(text))
		}
	}
}

// roundTrip checks that a description survives both forms, and returns the compact one.
func roundTrip(t testing.TB, d Description) string {
	t.Helper()
	text, err := d.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var back Description
	if err := back.UnmarshalText(text); err != nil || !reflect.DeepEqual(back, d) {
		t.Fatalf("compact form: %v\n%+v\n%+v", err, d, back)
	}
	if back, err = ParseSDP(d.SDP()); err != nil || !reflect.DeepEqual(back, d) {
		t.Fatalf("SDP: %v\n%+v\n%+v", err, d, back)
	}
	return string(text)
}

// example has one candidate of each kind that the budget is for.
func example() Description {
	return Description{
		ICEUfrag:      "xlcg",
		ICEPwd:        "BGXCZd5pTc4LudUs6NoxzhBe",
		Fingerprint:   [32]byte{0: 1, 31: 0xff},
		Setup:         ActPass,
		LargeMessages: true,
		Candidates: []Candidate{
			{Type: Host, Addr: netip.MustParseAddr("192.0.2.2"), Port: 40000, Priority: 2113937151},
			{Type: Host, Addr: netip.MustParseAddr("2001:db8::2"), Port: 40001, Priority: 2113942271},
			{Type: Host, MDNS: UUID{0x0e, 0xb2, 0xbf, 0x18, 15: 1}, Port: 40002, Priority: 2122252543},
			{Type: Host, Protocol: TCPPassive, Addr: netip.MustParseAddr("2001:db8::3"), Port: 443, Priority: 1518280447},
			{Type: ServerReflexive, Addr: netip.MustParseAddr("198.51.100.7"), Port: 40003, Priority: 1677729535},
			{Type: Relayed, Addr: netip.MustParseAddr("203.0.113.5"), Port: 1, Priority: 255},
		},
	}
}

const exampleSDP = "v=0\r\n" +
	"o=- 1 1 IN IP4 0.0.0.0\r\n" +
	"s=-\r\n" +
	"t=0 0\r\n" +
	"a=group:BUNDLE 0\r\n" +
	"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n" +
	"c=IN IP4 0.0.0.0\r\n" +
	"a=mid:0\r\n" +
	"a=sctp-port:5000\r\n" +
	"a=max-message-size:262144\r\n" +
	"a=setup:actpass\r\n" +
	"a=ice-ufrag:xlcg\r\n" +
	"a=ice-pwd:BGXCZd5pTc4LudUs6NoxzhBe\r\n" +
	"a=ice-options:trickle\r\n" +
	"a=fingerprint:sha-256 01:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:FF\r\n" +
	"a=candidate:1 1 udp 2113937151 192.0.2.2 40000 typ host\r\n" +
	"a=candidate:2 1 udp 2113942271 2001:db8::2 40001 typ host\r\n" +
	"a=candidate:3 1 udp 2122252543 0eb2bf18-0000-0000-0000-000000000001.local 40002 typ host\r\n" +
	"a=candidate:4 1 tcp 1518280447 2001:db8::3 443 typ host tcptype passive\r\n" +
	"a=candidate:5 1 udp 1677729535 198.51.100.7 40003 typ srflx raddr 0.0.0.0 rport 0\r\n" +
	"a=candidate:6 1 udp 255 203.0.113.5 1 typ relay raddr 0.0.0.0 rport 0\r\n"

func TestSDP(t *testing.T) {
	if got := example().SDP(); got != exampleSDP {
		t.Errorf("got\n%s", got)
	}
}

func TestCompact(t *testing.T) {
	chromium := example()
	firefox := example()
	firefox.ICEUfrag, firefox.ICEPwd = "2817dcb3", "9941969c5bc251489cf0746d14b0cf83"
	for _, browser := range []struct {
		name string
		d    Description
		size int // characters; the budget is 250
	}{{"chromium", chromium, 203}, {"firefox", firefox, 202}} {
		text := roundTrip(t, browser.d)
		t.Logf("%s: six candidates in %d characters", browser.name, len(text))
		if len(text) != browser.size {
			t.Errorf("%s: %d characters, want %d", browser.name, len(text), browser.size)
		}
	}
	const want = "MAACxlcgBGXCZd5pTc4LudUs6NoxzhBe" + // 30 is version 1, large messages; lengths; credentials as they are
		"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP8" // fingerprint
	chromium.Candidates = nil
	if text := roundTrip(t, chromium); text != want {
		t.Errorf("got %s", text)
	}
}

// Lengths of credentials at their limits and at every remainder by four, as
// hexadecimal and as other text.
func TestCredentialSizes(t *testing.T) {
	for _, letters := range []string{"0123456789abcdef", "Az09+/"} {
		long := strings.Repeat(letters, 50)
		for _, size := range []struct {
			ufrag, pwd int
			ok         bool
		}{
			{3, 22, false}, {4, 21, false}, {4, 22, true}, {5, 23, true}, {6, 24, true}, {7, 25, true}, {8, 26, true},
			{255, 255, true}, {256, 256, true}, {257, 256, false}, {256, 257, false},
		} {
			d := example()
			d.ICEUfrag, d.ICEPwd = long[:size.ufrag], long[:size.pwd]
			if size.ok {
				roundTrip(t, d)
				continue
			}
			if _, err := d.MarshalText(); !errors.Is(err, ErrDescription) {
				t.Errorf("%+v: %v", size, err)
			}
		}
	}
}

func TestCandidateCount(t *testing.T) {
	d := example()
	d.Candidates = nil
	for i := range MaxCandidates {
		d.Candidates = append(d.Candidates, Candidate{Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), Port: 1, Priority: 255})
	}
	roundTrip(t, d)
	relayed := Candidate{Type: Relayed, Addr: netip.MustParseAddr("203.0.113.5"), Port: 1, Priority: 255}
	more := d
	more.Candidates = append(slices.Clone(d.Candidates), relayed)
	if _, err := more.MarshalText(); !errors.Is(err, ErrDescription) {
		t.Errorf("%d candidates: %v", len(more.Candidates), err)
	}
	// Of too many in SDP the relayed one stays.
	sdp := d.SDP() + "a=candidate:9 1 udp 255 203.0.113.5 1 typ relay raddr 0.0.0.0 rport 0\r\n"
	got, err := ParseSDP(sdp)
	if want := append(slices.Clone(d.Candidates[:MaxCandidates-1]), relayed); err != nil || !slices.Equal(got.Candidates, want) {
		t.Errorf("%v: %v", err, describe(got.Candidates))
	}
	// If all are of that kind, the first stay.
	got, err = ParseSDP(strings.ReplaceAll(sdp, "typ host", "typ srflx raddr 0.0.0.0 rport 0"))
	if err != nil || len(got.Candidates) != MaxCandidates || got.Candidates[0].Type != ServerReflexive {
		t.Errorf("%v: %v", err, describe(got.Candidates))
	}
}

func TestParseCandidate(t *testing.T) {
	for value, want := range map[string]string{
		"1 1 udp 2113937151 192.0.2.2 40000 typ host":                                       "host udp 2113937151 192.0.2.2 40000",
		"1 1 UDP 2113937151 192.0.2.2 40000 typ host generation 0 ufrag ab network-id 1":    "host udp 2113937151 192.0.2.2 40000",
		"1 1 udp 1 192.0.2.2 1 typ prflx raddr 10.0.0.1 rport 5":                            "prflx udp 255 192.0.2.2 1",
		"1 1 udp 2147483647 192.0.2.2 65535 typ host":                                       "host udp 2147483647 192.0.2.2 65535",
		"1 1 tcp 255 192.0.2.2 443 typ relay raddr 0.0.0.0 rport 0 tcptype so generation 0": "relay tcp so 255 192.0.2.2 443",
		"1 1 TCP 255 192.0.2.2 443 typ host tcptype passive":                                "host tcp passive 255 192.0.2.2 443",
		"1 1 udp 255 ::ffff:192.0.2.2 1 typ host":                                           "host udp 255 192.0.2.2 1",
		"1 1 udp 255 2001:DB8:0:0::2 1 typ host":                                            "host udp 255 2001:db8::2 1",
		"1 1 udp 255 127.0.0.1 1 typ host":                                                  "host udp 255 127.0.0.1 1",
		"1 1 udp 255 0EB2BF18-eafa-4b89-8eee-33f4b7f95889.LOCAL 1 typ host":                 "host udp 255 0eb2bf18 1",
		"":                                                                   "",
		"1 1 udp 255 192.0.2.2 1 typ":                                        "",
		"1 1 udp 255 192.0.2.2 1 typo host":                                  "",
		"1 1 udp 255 192.0.2.2 1 typ token":                                  "",
		"1 2 udp 255 192.0.2.2 1 typ host":                                   "", // RTCP
		"1 1 udp 0 192.0.2.2 1 typ host":                                     "",
		"1 1 udp 2147483648 192.0.2.2 1 typ host":                            "",
		"1 1 udp -1 192.0.2.2 1 typ host":                                    "",
		"1 1 udp 255 192.0.2.2 0 typ host":                                   "",
		"1 1 udp 255 192.0.2.2 65536 typ host":                               "",
		"1 1 udp 255 192.0.2.2 x typ host":                                   "",
		"1 1 sctp 255 192.0.2.2 1 typ host":                                  "",
		"1 1 tcp 255 192.0.2.2 9 typ host tcptype active":                    "",
		"1 1 tcp 255 192.0.2.2 443 typ host":                                 "",
		"1 1 tcp 255 192.0.2.2 443 typ host tcptype":                         "",
		"1 1 udp 255 192.0.2.2 1 typ host tcptype so":                        "",
		"1 1 udp 255 0.0.0.0 1 typ host":                                     "",
		"1 1 udp 255 :: 1 typ host":                                          "",
		"1 1 udp 255 224.0.0.251 1 typ host":                                 "",
		"1 1 udp 255 ff02::1 1 typ host":                                     "",
		"1 1 udp 255 fe80::1%eth0 1 typ host":                                "",
		"1 1 udp 255 ::ffff:192.0.2.2%eth0 1 typ host":                       "",
		"1 1 udp 255 192.0.2.02 1 typ host":                                  "",
		"1 1 udp 255 example.com 1 typ host":                                 "",
		"1 1 udp 255 printer.local 1 typ host":                               "",
		"1 1 udp 255 0eb2bf18-eafa-4b89-8eee-33f4b7f95889 1 typ host":        "",
		"1 1 udp 255 0eb2bf18-eafa-4b89-8eee-33f4b7f9588g.local 1 typ host":  "",
		"1 1 udp 255 0eb2bf18eafa-4b89-8eee-33f4b7f95889-.local 1 typ host":  "",
		"1 1 udp 255 0eb2bf18-eafa-4b89-8eee-33f4b7f95889a.local 1 typ host": "",
		"1 1 udp 255 00000000-0000-0000-0000-000000000000.local 1 typ host":  "",
	} {
		c, ok := parseCandidate(value)
		if ok != (want != "") || ok && describe([]Candidate{c})[0] != want {
			t.Errorf("%q: %v, %v", value, ok, describe([]Candidate{c}))
		}
		// What cannot be represented is left out; it does not spoil the rest.
		d, err := ParseSDP(exampleSDP + "a=candidate:" + value + "\r\n")
		if err != nil || ok && len(d.Candidates) == len(example().Candidates) && !slices.Contains(example().Candidates, c) {
			t.Errorf("%q in a description: %v", value, err)
		}
	}
}

// ParseSDP accepts the variants of other agents.
func TestParseSDPTolerates(t *testing.T) {
	replace := func(old, new string) string { return replaceOnce(t, exampleSDP, old, new) }
	for name, sdp := range map[string]string{
		"line feeds only":           strings.ReplaceAll(exampleSDP, "\r\n", "\n"),
		"no end of line":            strings.TrimSpace(exampleSDP),
		"blank end":                 exampleSDP + "\r\n",
		"session level":             replace("m=application", "a=setup:actpass\r\na=ice-ufrag:none\r\nm=application"),
		"TCP default":               replace("UDP/DTLS", "TCP/DTLS"),
		"unknown":                   exampleSDP + "a=sctp-init:AAAA\r\na=inactive\r\ni=x\r\n",
		"said twice":                exampleSDP + "a=setup:actpass\r\na=mid:0\r\n",
		"another hash":              exampleSDP + "a=fingerprint:sha-1 01:02\r\n",
		"hash in upper case":        replace("sha-256", "SHA-256"),
		"fingerprint in lower case": replace(":FF\r\n", ":ff\r\n"),
		"candidate twice":           exampleSDP + "a=candidate:7 1 udp 255 203.0.113.5 1 typ relay raddr 192.0.2.2 rport 7\r\n",
		"any size":                  replace("262144", "0"),
		"larger":                    replace("262144", "1073741823"),
	} {
		if d, err := ParseSDP(sdp); err != nil || !reflect.DeepEqual(d, example()) {
			t.Errorf("%s: %v\n%+v", name, err, d)
		}
	}
	for _, size := range []string{"a=max-message-size:65536\r\n", "a=max-message-size:262143\r\n", ""} {
		if d, err := ParseSDP(replace("a=max-message-size:262144\r\n", size)); err != nil || d.LargeMessages {
			t.Errorf("%q: %v, %v", size, d.LargeMessages, err)
		}
	}
}

func replaceOnce(t *testing.T, text, old, new string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q occurs %d times", old, strings.Count(text, old))
	}
	return strings.Replace(text, old, new, 1)
}

func TestParseSDPRefuses(t *testing.T) {
	section := exampleSDP[strings.Index(exampleSDP, "m="):]
	refused := map[string]string{
		"nothing":              "",
		"ends of line":         "\r\n\r\n",
		"no SDP":               "hello",
		"no media":             exampleSDP[:strings.Index(exampleSDP, "m=")],
		"no session":           section,
		"two sections":         exampleSDP + section,
		"blank line":           strings.Replace(exampleSDP, "\r\n", "\r\n\r\n", 1),
		"line without =":       exampleSDP + "xy\r\n",
		"ice-lite":             "v=0\r\na=ice-lite\r\n" + exampleSDP[len("v=0\r\n"):],
		"ice-mismatch":         exampleSDP + "a=ice-mismatch\r\n",
		"two ufrags":           exampleSDP + "a=ice-ufrag:abcd\r\n",
		"two pwds":             exampleSDP + "a=ice-pwd:BGXCZd5pTc4LudUs6NoxzhBf\r\n",
		"two setups":           exampleSDP + "a=setup:active\r\n",
		"two message sizes":    exampleSDP + "a=max-message-size:65536\r\n",
		"two fingerprints":     exampleSDP + "a=fingerprint:sha-256 " + strings.Repeat("00:", 31) + "00\r\n",
		"two groups":           "v=0\r\na=group:LS 0\r\n" + exampleSDP[len("v=0\r\n"):],
		"two carriage returns": strings.Replace(exampleSDP, "xlcg\r\n", "xlcg\r\r\n", 1),
	}
	for _, change := range [][2]string{
		{"v=0", "v=1"},
		{"a=group:BUNDLE 0\r\n", ""},
		{"BUNDLE 0", "BUNDLE 0 1"},
		{"m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "m=audio 9 UDP/TLS/RTP/SAVPF 111"},
		{"m=application 9", "m=application 0"},
		{"UDP/DTLS/SCTP webrtc-datachannel", "DTLS/SCTP 5000"},
		{"UDP/DTLS/SCTP", "UDP/BFCP"},
		{"webrtc-datachannel", "webrtc-datachannel x"},
		{"a=mid:0\r\n", ""},
		{"a=mid:0", "a=mid:data"},
		{"a=sctp-port:5000\r\n", ""},
		{"a=sctp-port:5000", "a=sctp-port:5001"},
		{"a=setup:actpass\r\n", ""},
		{"a=setup:actpass", "a=setup:holdconn"},
		{"a=ice-ufrag:xlcg\r\n", ""},
		{"a=ice-ufrag:xlcg", "a=ice-ufrag:xlc"},
		{"a=ice-ufrag:xlcg", "a=ice-ufrag:xlcg "},
		{"a=ice-ufrag:xlcg", "a=ice-ufrag:xl-g"},
		{"a=ice-ufrag:xlcg", "a=ice-ufrag:xl\rg"},
		{"a=ice-ufrag:xlcg", "a=ice-ufrag:xlçg"},
		{"a=ice-pwd:BGXCZd5pTc4LudUs6NoxzhBe\r\n", ""},
		{"a=ice-pwd:BGXCZd5pTc4LudUs6NoxzhBe", "a=ice-pwd:BGXCZd5pTc4LudUs6Noxz"},
		{"a=ice-pwd:BGXCZd5pTc4LudUs6NoxzhBe", "a=ice-pwd:BGXCZd5pTc4LudUs6Nox=hBe"},
		{"sha-256", "sha-512"},
		{"sha-256 01:", "sha-256 "},
		{"sha-256 01:", "sha-256 0100"},
		{"sha-256 01:", "sha-256 0G:"},
		{"sha-256 01:", "sha-256 01-"},
		{"sha-256 01:", "sha-256 01:00:"},
		{"max-message-size:262144", "max-message-size:65535"},
		{"max-message-size:262144", "max-message-size:x"},
		{"max-message-size:262144", "max-message-size:"},
	} {
		refused[fmt.Sprintf("%q for %q", change[1], change[0])] = replaceOnce(t, exampleSDP, change[0], change[1])
	}
	for name, sdp := range refused {
		if d, err := ParseSDP(sdp); !errors.Is(err, ErrDescription) {
			t.Errorf("%s: %v, %+v", name, err, d)
		}
	}
}

// An invalid Description cannot inject lines into SDP or octets into the compact form.
func TestNoInjection(t *testing.T) {
	for name, change := range map[string]func(*Description){
		"ufrag": func(d *Description) { d.ICEUfrag = "abcd\r\na=candidate:x" },
		"pwd":   func(d *Description) { d.ICEPwd += "\na=ice-lite" },
		"setup": func(d *Description) { d.Setup = 3 },
		"zone": func(d *Description) {
			d.Candidates[1].Addr = netip.MustParseAddr("fe80::1").WithZone("x\r\na=ice-lite")
		},
		"no address":  func(d *Description) { d.Candidates[0].Addr = netip.Addr{} },
		"two":         func(d *Description) { d.Candidates[0].MDNS = UUID{1} },
		"mapped":      func(d *Description) { d.Candidates[0].Addr = netip.MustParseAddr("::ffff:192.0.2.2") },
		"unspecified": func(d *Description) { d.Candidates[0].Addr = netip.IPv6Unspecified() },
		"multicast":   func(d *Description) { d.Candidates[0].Addr = netip.MustParseAddr("224.0.0.1") },
		"type":        func(d *Description) { d.Candidates[0].Type = 4 },
		"protocol":    func(d *Description) { d.Candidates[0].Protocol = 3 },
		"port":        func(d *Description) { d.Candidates[0].Port = 0 },
		"priority":    func(d *Description) { d.Candidates[0].Priority = 1<<31 | 255 },
		"component":   func(d *Description) { d.Candidates[0].Priority-- },
		"twice":       func(d *Description) { d.Candidates[0] = d.Candidates[1] },
	} {
		d := example()
		change(&d)
		if text, err := d.MarshalText(); !errors.Is(err, ErrDescription) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
		if sdp := d.SDP(); sdp != "" {
			t.Errorf("%s: %s", name, sdp)
		}
	}
}
