package signaling

import (
	"slices"
	"strconv"
	"strings"
)

// sections returns a reader for each media section, with the session's lines and
// the section's, which begin with its m= line (RFC 8866, Section 5). Without a media
// section it returns one reader for the session. odd is the last line whose second
// character is no equals sign, with a newline, or "" if there is none.
func sections(sdp string) (all []*sdpReader, odd string) {
	r := &sdpReader{}
	all = append(all, r)
	for line := range sdpLines(sdp) {
		if len(line) < 2 || line[1] != '=' {
			odd = line + "\n"
			continue
		}
		if line[0] == 'm' && r.media != nil {
			r = &sdpReader{session: r.session}
			all = append(all, r)
		}
		lines := &r.session
		if line[0] == 'm' || r.media != nil {
			lines = &r.media
		}
		*lines = append(*lines, line)
	}
	return all, odd
}

// rejected reports whether the section's port is 0, which rejects it (RFC 3264,
// Section 6).
func (r *sdpReader) rejected() bool {
	m := strings.Fields(strings.Join(r.media[:min(len(r.media), 1)], ""))
	return len(m) > 1 && m[1] == "0"
}

// wholeSetup returns the setup that all sections share. A section may have its own,
// or the session's, or take that of the section it is bundled with (RFC 9143,
// Section 7.1.3). No setup or different ones are an error: a Description has one.
func wholeSetup(sdp string) (Setup, error) {
	var values []string
	all, _ := sections(sdp)
	for _, section := range all {
		for _, value := range section.all("setup") {
			if !section.rejected() && !slices.Contains(values, value) {
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

// A SectionCandidate is a candidate attribute of SDP and the media section that it
// belongs to, as in an RTCIceCandidateInit (W3C webrtc-pc, Section 4.8.1.1).
type SectionCandidate struct {
	Candidate string // "candidate:" and the rest of the attribute
	MID       string // of the section; where it has none, its number from 0, as browsers name it (observed)
}

// SplitCandidates removes the candidate attributes from SDP and returns them. It
// also removes end-of-candidates (RFC 8840, Section 4.4), since more may be added
// later. The other lines stay as they are, with their line ends. A candidate before
// the first section counts as one of the first section.
func SplitCandidates(sdp string) (rest string, candidates []SectionCandidate) {
	all, _ := sections(sdp)
	var b strings.Builder
	section := -1
	for line := range strings.SplitAfterSeq(sdp, "\n") {
		text := strings.TrimRight(line, "\r\n")
		value, is := strings.CutPrefix(text, "a=candidate:")
		switch {
		case is:
			i := max(section, 0)
			candidates = append(candidates, SectionCandidate{"candidate:" + value, all[i].mid(i)})
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

// mid returns the identification tag of the section (RFC 5888, Section 4), which
// is the i-th.
func (r *sdpReader) mid(i int) string {
	if found := (&sdpReader{media: r.media}).all("mid"); found != nil {
		return found[0]
	}
	return strconv.Itoa(i)
}
