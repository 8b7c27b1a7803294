package signaling

import (
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// MID is the identification tag of a description's one media section: the first,
// in browsers that follow RFC 8829, Section 5.2.1.
const MID = "0"

const (
	sctpPort = 5000 // RFC 8841, Section 5; the one that WebRTC stacks use

	defaultMessageSize = 64 << 10  // RFC 8841, Section 6.1; octets
	largeMessageSize   = 256 << 10 // octets: Chromium's own limit, the lowest that a browser states
)

// ParseSDP parses a description as Firefox, Chromium, Safari and pion write it.
// It leaves out candidates that a Candidate cannot represent, and unknown
// attributes (RFC 8866, Section 5.13). It returns ErrDescription for anything else
// that the compact form cannot represent; Describe accepts that.
func ParseSDP(sdp string) (Description, error) {
	r := splitSDP(sdp)
	r.expect("group", "BUNDLE "+MID)
	r.expect("mid", MID)
	r.expect("sctp-port", strconv.Itoa(sctpPort))
	d := Description{
		ICEUfrag:      r.one("ice-ufrag"),
		ICEPwd:        r.one("ice-pwd"),
		Fingerprint:   r.fingerprint(),
		Setup:         r.setup(),
		LargeMessages: r.largeMessages(),
		Candidates:    r.candidates(),
	}
	if r.err != nil {
		return Description{}, r.err
	}
	if err := d.check(); err != nil {
		return Description{}, err
	}
	return d, nil
}

// sdpReader holds the lines of a session and of its one media section, and the
// first error found in them.
type sdpReader struct {
	session, media []string
	err            error
}

func (r *sdpReader) refuse(format string, arguments ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", ErrDescription, fmt.Sprintf(format, arguments...))
	}
}

// splitSDP separates the session's lines from those of its media section, which
// must describe a data channel and not be rejected (RFC 8841, Section 4).
func splitSDP(sdp string) *sdpReader {
	all, odd := sections(sdp)
	r := all[0]
	if odd != "" {
		r.refuse("line %.20q", odd)
		return r
	}
	if len(all) > 1 {
		r.refuse("more than one media section")
	}
	if len(r.session) == 0 || r.session[0] != "v=0" || r.media == nil {
		r.refuse("no session or no media section")
		return r
	}
	m := strings.Fields(r.media[0])
	if len(m) != 4 || m[0] != "m=application" || m[1] == "0" || m[3] != "webrtc-datachannel" ||
		m[2] != "UDP/DTLS/SCTP" && m[2] != "TCP/DTLS/SCTP" {
		r.refuse("section %.60q", r.media[0])
	}
	for _, name := range [...]string{"ice-lite", "ice-mismatch"} { // RFC 8839, Section 5.3: another ICE, or none
		if len(r.all(name)) > 0 {
			r.refuse("%s", name)
		}
	}
	return r
}

// sdpLines yields the lines without their line ends: at least one, which may be "".
func sdpLines(sdp string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(strings.TrimRight(sdp, "\r\n"), "\n") {
			if !yield(strings.TrimSuffix(line, "\r")) {
				return
			}
		}
	}
}

// all returns the distinct values of the attribute of that name: the media
// section's if it has the attribute, else the session's. A flag's value is "".
func (r *sdpReader) all(name string) []string {
	var values []string
	for _, section := range [...][]string{r.media, r.session} {
		for _, line := range section {
			found, value, _ := strings.Cut(line[2:], ":")
			if line[0] == 'a' && found == name && !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
		if values != nil {
			break
		}
	}
	return values
}

// one returns the value of an attribute that must have exactly one value.
func (r *sdpReader) one(name string) string {
	values := r.all(name)
	if len(values) != 1 {
		r.refuse("%d values of %s", len(values), name)
		return ""
	}
	return values[0]
}

// expect records an error if an attribute's value differs from the template's.
func (r *sdpReader) expect(name, want string) {
	if value := r.one(name); value != want {
		r.refuse("%s is %.20q", name, value)
	}
}

func (r *sdpReader) setup() Setup {
	value := r.one("setup")
	for s := ActPass; s <= Passive; s++ {
		if value == s.String() {
			return s
		}
	}
	r.refuse("setup is %.20q", value)
	return 0
}

// fingerprint returns the one SHA-256 fingerprint (RFC 8122, Section 5). It
// ignores fingerprints by other hash functions, which are alternatives to it.
func (r *sdpReader) fingerprint() [32]byte {
	var values []string
	for _, value := range r.all("fingerprint") {
		if hash, octets, _ := strings.Cut(value, " "); strings.EqualFold(hash, "sha-256") {
			values = append(values, octets)
		}
	}
	if len(values) != 1 {
		r.refuse("%d SHA-256 fingerprints", len(values))
		return [32]byte{}
	}
	octets, err := hex.DecodeString(strings.ReplaceAll(values[0], ":", ""))
	if err != nil || len(octets) != 32 || len(values[0]) != 32*3-1 {
		r.refuse("fingerprint %.100q", values[0])
		return [32]byte{}
	}
	return [32]byte(octets)
}

// largeMessages reports whether max-message-size (RFC 8841, Section 6) is at least
// 256 KiB. Sizes between 64 and 256 KiB count as 64 KiB: a sender may always use
// less. Zero means any size.
func (r *sdpReader) largeMessages() bool {
	if len(r.all("max-message-size")) == 0 {
		return false
	}
	value := r.one("max-message-size")
	size, err := strconv.ParseUint(value, 10, 64)
	if err != nil || size > 0 && size < defaultMessageSize {
		r.refuse("max-message-size is %.20q", value)
	}
	return size == 0 || size >= largeMessageSize
}

// candidates returns the candidates that a Candidate can represent. If there are
// more than MaxCandidates it drops host candidates, the last first: another address
// of the same host adds little, and there are few of the other types.
func (r *sdpReader) candidates() []Candidate {
	var list []Candidate
	for _, value := range r.all("candidate") {
		if c, ok := parseCandidate(value); ok && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	for i := len(list) - 1; i >= 0 && len(list) > MaxCandidates; i-- {
		if list[i].Type == Host {
			list = slices.Delete(list, i, i+1)
		}
	}
	return list[:min(len(list), MaxCandidates)]
}

// SDP returns the description as SDP for setRemoteDescription (RFC 8829,
// Sections 5.2.1 and 5.3.1). It announces that more candidates may follow (RFC
// 8840). For a Description that neither ParseSDP nor UnmarshalText would return it
// returns "", which every browser refuses.
func (d Description) SDP() string {
	if d.check() != nil {
		return ""
	}
	if d.whole != "" {
		return d.whole
	}
	size := defaultMessageSize
	if d.LargeMessages {
		size = largeMessageSize
	}
	b := fmt.Appendf(nil, template, MID, MID, sctpPort, size, d.Setup, d.ICEUfrag, d.ICEPwd, formatFingerprint(d.Fingerprint))
	for i, c := range d.Candidates {
		b = append(c.appendSDP(append(b, "a=candidate:"...), i+1), "\r\n"...)
	}
	return string(b)
}

// template is a description without its candidates. Port 9 and the address
// 0.0.0.0 say that there is no default candidate (RFC 8840, Section 4.1.3).
const template = "v=0\r\n" +
	"o=- 1 1 IN IP4 0.0.0.0\r\n" +
	"s=-\r\n" +
	"t=0 0\r\n" +
	"a=group:BUNDLE %s\r\n" +
	"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n" +
	"c=IN IP4 0.0.0.0\r\n" +
	"a=mid:%s\r\n" +
	"a=sctp-port:%d\r\n" +
	"a=max-message-size:%d\r\n" +
	"a=setup:%s\r\n" +
	"a=ice-ufrag:%s\r\n" +
	"a=ice-pwd:%s\r\n" +
	"a=ice-options:trickle\r\n" +
	"a=fingerprint:sha-256 %s\r\n"

// formatFingerprint returns upper-case hexadecimal octets separated by colons.
func formatFingerprint(print [32]byte) string {
	octets := make([]string, len(print))
	for i := range print {
		octets[i] = strings.ToUpper(hex.EncodeToString(print[i : i+1]))
	}
	return strings.Join(octets, ":")
}
