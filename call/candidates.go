package call

import (
	"strings"

	"pushcall/signaling"
)

// This file takes candidates out of descriptions before they are set, because of
// candidates with an mDNS name in place of an address
// (draft-ietf-mmusic-mdns-ice-candidates). At each later description Firefox resolves
// again the names in those that an exchange ended with. It skips a name that it is
// resolving already, even for another call. Chromium answers for its own names only once
// a second (all observed). Of the friends who called each other again within a second,
// every third found no path. Firefox resolves the name of a candidate once if it is added
// after both descriptions are set.

// withoutCandidates returns a pushed description to set, without its candidates.
func withoutCandidates(kind string, d signaling.Description) Description {
	sdp, _ := splitCandidates(d.SDP())
	return Description{Type: kind, SDP: sdp}
}

// addCandidates adds the candidates of a pushed description to the peer, each to its
// media section. It ignores candidates that the browser refuses, those beyond
// signaling.MaxCandidates, since a pushed description may have any number, and those that
// could probe this side's network.
func (l *link) addCandidates(d signaling.Description) {
	_, candidates := signaling.SplitCandidates(d.SDP())
	for _, c := range candidates[:min(len(candidates), signaling.MaxCandidates)] {
		if !signaling.MayTry(c.Candidate) {
			continue
		}
		_ = l.peer.AddICECandidate(l.ctx, Candidate{Candidate: c.Candidate, SDPMid: c.MID})
	}
}

// splitCandidates returns an SDP without its candidate attributes, and these attributes
// of all media sections.
func splitCandidates(sdp string) (rest string, candidates []string) {
	rest, all := signaling.SplitCandidates(sdp)
	for _, c := range all {
		candidates = append(candidates, c.Candidate)
	}
	return rest, candidates
}

// ufrag returns the ICE user name fragment of an SDP, or "". Each generation of candidates
// has another one.
func ufrag(sdp string) string {
	_, after, _ := strings.Cut(sdp, "\na=ice-ufrag:")
	value, _, _ := strings.Cut(after, "\n")
	return strings.TrimRight(value, "\r")
}
