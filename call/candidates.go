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

// addCandidates adds those of a description that was pushed, each to its own media
// section. One that the browser refuses is one way less. A description that
// travels whole may have any number, and one is as good as none where it could
// probe this side's network.
func (l *link) addCandidates(d signaling.Description) {
	_, candidates := signaling.SplitCandidates(d.SDP())
	for _, c := range candidates[:min(len(candidates), signaling.MaxCandidates)] {
		if !signaling.MayTry(c.Candidate) {
			continue
		}
		_ = l.peer.AddICECandidate(l.ctx, Candidate{Candidate: c.Candidate, SDPMid: c.MID})
	}
}

// splitCandidates takes the candidate attributes out of an SDP, whatever their
// media section.
func splitCandidates(sdp string) (rest string, candidates []string) {
	rest, all := signaling.SplitCandidates(sdp)
	for _, c := range all {
		candidates = append(candidates, c.Candidate)
	}
	return rest, candidates
}

// ufrag returns the ICE user name fragment of an SDP, of which each generation of
// candidates has its own, or "".
func ufrag(sdp string) string {
	_, after, _ := strings.Cut(sdp, "\na=ice-ufrag:")
	value, _, _ := strings.Cut(after, "\n")
	return strings.TrimRight(value, "\r")
}
