package call

import (
	"strings"

	"pushcall/signaling"
)

// Candidates are kept out of the descriptions that browsers get, for the sake of
// those that hide an address behind a name for which the local network is asked
// (draft-ietf-mmusic-mdns-ice-candidates). Firefox asks again, at each later
// description, for the names in those that an exchange ended with, and forgets to
// ask for a name for which it is asking already, be it for another call. Chromium
// tells its own only once a second (all observed). Of friends who called each other
// again within a second every third found no way to the other. For a candidate that
// is added once both descriptions are set, Firefox asks once.

// withoutCandidates is what is set of a description that was pushed.
func withoutCandidates(kind string, d signaling.Description) Description {
	sdp, _ := splitCandidates(d.SDP())
	return Description{Type: kind, SDP: sdp}
}

// addCandidates adds those of a description that was pushed. One that the browser
// refuses is one way less.
func (l *link) addCandidates(d signaling.Description) {
	_, candidates := splitCandidates(d.SDP())
	for _, c := range candidates {
		_ = l.peer.AddICECandidate(l.ctx, Candidate{Candidate: c, SDPMid: signaling.MID})
	}
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
