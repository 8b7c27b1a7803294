package call

import (
	"context"
	"strings"

	"pushcall/signaling"
)

// Candidates are kept out of the descriptions that browsers get, for the sake of
// those that hide an address behind a name for which the local network is asked
// (draft-ietf-mmusic-mdns-ice-candidates). Firefox asks again for the names of a
// description at each later one, and forgets to ask for a name for which it is
// asking already, be it for another call. Chromium tells its own only once a
// second (all observed). Of friends who called each other again within a second
// every third found no way to the other. What AddICECandidate has taken is not
// asked for again.

// setRemote sets a description that was pushed, and adds its candidates.
func (l *link) setRemote(ctx context.Context, kind string, d signaling.Description) error {
	sdp, candidates := splitCandidates(d.SDP())
	if err := l.peer.SetRemoteDescription(ctx, Description{Type: kind, SDP: sdp}); err != nil {
		return err
	}
	for _, c := range candidates { // one that is refused is one way less
		_ = l.peer.AddICECandidate(ctx, Candidate{Candidate: c, SDPMid: signaling.MID})
	}
	return nil
}

// splitCandidates takes the candidate attributes out of an SDP.
func splitCandidates(sdp string) (rest string, candidates []string) {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(sdp, "\n") {
		if value, is := strings.CutPrefix(line, "a=candidate:"); is {
			candidates = append(candidates, "candidate:"+strings.TrimRight(value, "\r\n"))
		} else {
			b.WriteString(line)
		}
	}
	return b.String(), candidates
}

// ufrag returns the ICE user name fragment of an SDP, of which each generation of
// candidates has its own, or "".
func ufrag(sdp string) string {
	_, after, _ := strings.Cut(sdp, "\na=ice-ufrag:")
	value, _, _ := strings.Cut(after, "\n")
	return strings.TrimRight(value, "\r")
}
