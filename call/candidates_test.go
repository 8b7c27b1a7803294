package call

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"

	"pushcall/internal/loop"
	"pushcall/signaling"
)

func describeTwoWays(ufrag string) signaling.Description {
	d := signaling.Description{ICEUfrag: ufrag, ICEPwd: "passwordpasswordpassword"}
	for _, address := range []string{"192.0.2.1", "2001:db8::1"} {
		d.Candidates = append(d.Candidates, signaling.Candidate{Addr: netip.MustParseAddr(address), Port: 9, Priority: 255})
	}
	return d
}

func TestSplitCandidates(t *testing.T) {
	d := describeTwoWays("ufrag")
	bare := d
	bare.Candidates = nil
	rest, candidates := splitCandidates(d.SDP())
	if rest != bare.SDP() {
		t.Errorf("without candidates it is %q", rest)
	}
	if len(candidates) != 2 || !strings.HasPrefix(candidates[0], "candidate:") || !strings.HasSuffix(candidates[1], "2001:db8::1 9 typ host") {
		t.Errorf("its candidates are %q", candidates)
	}
	if got := ufrag(rest + mediaSections); got != "ufrag" {
		t.Errorf("its user name fragment is %q", got)
	}
	whole, err := signaling.Describe(d.SDP() + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n") // nothing but the whole of it tells that
	if err != nil {
		t.Fatal(err)
	}
	if got := withoutCandidates(signalOffer, whole).SDP; strings.Contains(got, "a=candidate") || !strings.Contains(got, "m=audio") {
		t.Errorf("a description that travels whole is set as %q", got)
	}
	for _, sdp := range []string{"", "a=candidate:", "a=ice-ufrag:x"} {
		splitCandidates(sdp)
		if got := ufrag(sdp); got != "" {
			t.Errorf("%q has the user name fragment %q", sdp, got)
		}
	}
}

// An addingPeer records the descriptions that are set and the candidates that are added.
type addingPeer struct {
	*testPeer
	locals []string // SDPs to come
	events []string
}

func (p *addingPeer) LocalDescription() (Description, error) {
	return Description{Type: signalOffer, SDP: p.locals[0]}, nil
}

func (p *addingPeer) SetLocalDescription(context.Context) error {
	p.locals = p.locals[1:]
	p.events = append(p.events, signalAnswer)
	return nil
}

func (p *addingPeer) SetRemoteDescription(_ context.Context, d Description) error {
	_, candidates := splitCandidates(d.SDP)
	p.events = append(p.events, d.Type+strings.Repeat(" with candidate", len(candidates)))
	return nil
}

func (p *addingPeer) AddICECandidate(_ context.Context, c Candidate) error {
	p.events = append(p.events, strings.Fields(c.Candidate)[4]+" of "+c.SDPMid)
	return errState
}

// The candidates of a pushed description are added one by one after both descriptions are
// set, even after one that the browser refuses.
func TestAddCandidates(t *testing.T) {
	offer := describeTwoWays("theirs")
	p := &addingPeer{locals: []string{"", describeTwoWays("ours").SDP()}}
	l := &link{peer: p, ctx: t.Context(), gathering: newGathering(signaling.Host, 0)}
	l.gathering.finish()
	if _, err := l.describe(false, &signaling.Message{Description: &offer}); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(p.events, ", "), "offer, answer, 192.0.2.1 of 0, 2001:db8::1 of 0"; got != want {
		t.Errorf("it gets %q, want %q", got, want)
	}
}

// A candidate of a pushed description is added with the mid of its media section, whether
// that is before the candidate, after it or absent
// (libdatachannel#585, jitsi/sdp-interop#34, janus-gateway#418).
func TestAddCandidatesOfSections(t *testing.T) {
	const session = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=setup:actpass\r\n"
	const data, audio = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
	const first, second = "a=candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host\r\n", "a=candidate:2 1 udp 2122260223 2001:db8::7 50000 typ host\r\n"
	for sdp, want := range map[string]string{
		session + "a=group:BUNDLE data\r\n" + data + "a=mid:data\r\n" + first + "a=end-of-candidates\r\n": "192.0.2.7 of data",
		session + data + first + second + "a=mid:data\r\na=end-of-candidates\r\n":                         "192.0.2.7 of data, 2001:db8::7 of data",
		session + data + first + "a=mid:d\r\n" + audio + second + "a=mid:a\r\n":                           "192.0.2.7 of d, 2001:db8::7 of a",
		session + "a=group:BUNDLE d a\r\n" + data + "a=mid:d\r\n" + audio + "a=mid:a\r\n" + second:        "2001:db8::7 of a",
		session + data + first + audio + "a=mid:a\r\n" + second:                                           "192.0.2.7 of 0, 2001:db8::7 of a",
		session + data + "a=mid:d\r\n" + audio + second:                                                   "2001:db8::7 of 1",
		session + "a=mid:session\r\n" + first + data + "a=mid:d\r\n":                                      "192.0.2.7 of d",
		session + data + "a=mid:d\r\n" + "a=end-of-candidates\r\n":                                        "",
	} {
		for name, sdp := range map[string]string{"": sdp, "with line feeds: ": strings.ReplaceAll(sdp, "\r\n", "\n")} {
			d, err := signaling.Describe(sdp)
			if err != nil {
				t.Fatal(err)
			}
			peer := &addingPeer{testPeer: &testPeer{}}
			(&link{ctx: t.Context(), peer: peer}).addCandidates(d)
			if got := strings.Join(peer.events, ", "); got != want {
				t.Errorf("%s%q adds %q, want %q", name, sdp, got, want)
			}
			if rest := withoutCandidates(signalOffer, d).SDP; strings.Contains(rest, "candidate") || strings.Count(rest, "a=mid:") != strings.Count(sdp, "a=mid:") {
				t.Errorf("%sit is set as %q", name, rest)
			}
		}
	}
}

// An in-band description has only candidates that the other side does not have.
func TestKnownCandidates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, restarted := describeTwoWays("first"), describeTwoWays("restarted")
		p := &addingPeer{testPeer: &testPeer{world: newWorld(t), signaling: Stable}, locals: []string{first.SDP(), first.SDP(), restarted.SDP(), restarted.SDP()}}
		var sent []int
		send := func(s signal) {
			_, candidates := splitCandidates(s.sdp)
			sent = append(sent, len(candidates))
		}
		n := &negotiation{peer: p, send: send, failed: func(err error) { t.Error(err) }, steps: loop.New(func(err error) { t.Error(err) })}
		for range 3 {
			n.needed()
		}
		synctest.Wait()
		n.close()
		if len(sent) != 3 || sent[0] != 0 || sent[1] != 2 || sent[2] != 0 {
			t.Errorf("descriptions go with %v candidates, want 0, 2 and 0", sent)
		}
	})
}
