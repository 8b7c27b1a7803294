package signaling

import (
	"slices"
	"strconv"
	"strings"
)

// sections separates the lines of SDP into those of the session and those of
// each of its media sections, which begin with their m= line (RFC 8866, Section
// 5). Each line has a letter and an equals sign at least.
func sections(sdp string) (session []string, media [][]string) {
	for line := range sdpLines(sdp) {
		switch last := len(media) - 1; {
		case len(line) < 2 || line[1] != '=': // none of SDP
		case line[0] == 'm':
			media = append(media, []string{line})
		case last >= 0:
			media[last] = append(media[last], line)
		default:
			session = append(session, line)
		}
	}
	return session, media
}

// readers returns a reader for each media section that is in use (not of port 0:
// RFC 3264, Section 6), each with the session's lines; without any, one of these.
func readers(sdp string) []*sdpReader {
	session, media := sections(sdp)
	var all []*sdpReader
	for _, section := range media {
		if m := strings.Fields(section[0]); len(m) < 2 || m[1] != "0" {
			all = append(all, &sdpReader{session: session, media: section})
		}
	}
	if all == nil {
		all = append(all, &sdpReader{session: session})
	}
	return all
}

// wholeSetup returns the one setup of all sections, of which each may have its
// own, or the session's, or leave it to the one that it is bundled with (RFC 9143,
// Section 7.1.3). Two would not be one description's part in a call.
func wholeSetup(sdp string) (Setup, error) {
	var values []string
	for _, r := range readers(sdp) {
		for _, value := range r.all("setup") {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	r := &sdpReader{}
	for _, value := range values {
		r.session = append(r.session, "a=setup:"+value)
	}
	return r.setup(), r.err
}

// A SectionCandidate is a candidate attribute of SDP, with the media section that
// it is of, as an RTCIceCandidateInit has them (W3C webrtc-pc, Section 4.8.1.1).
type SectionCandidate struct {
	Candidate string // "candidate:" and the rest of the attribute
	MID       string // of the section; where it has none, its number from 0, as browsers name it (observed)
}

// SplitCandidates takes the candidate attributes out of SDP, and with them what
// says that they are all (RFC 8840, Section 4.4): more may be added later. The
// rest is left as it is, the ends of its lines included. A candidate that stands
// before all sections is taken for one of the first.
func SplitCandidates(sdp string) (rest string, candidates []SectionCandidate) {
	mids := midsOf(sdp)
	var b strings.Builder
	section := -1
	for line := range strings.SplitAfterSeq(sdp, "\n") {
		text := strings.TrimRight(line, "\r\n")
		value, is := strings.CutPrefix(text, "a=candidate:")
		switch {
		case is:
			candidates = append(candidates, SectionCandidate{"candidate:" + value, mids[max(section, 0)]})
			continue
		case text == "a=end-of-candidates":
			continue
		case strings.HasPrefix(text, "m="):
			section++
		}
		b.WriteString(line)
	}
	return b.String(), candidates
}

// midsOf returns the identification tags of the media sections (RFC 5888, Section
// 4), of one at least.
func midsOf(sdp string) []string {
	_, media := sections(sdp)
	mids := make([]string, max(len(media), 1))
	for i := range mids {
		mids[i] = strconv.Itoa(i)
	}
	for i, section := range media {
		if found := (&sdpReader{media: section}).all("mid"); found != nil {
			mids[i] = found[0]
		}
	}
	return mids
}
