package signaling

import (
	"reflect"
	"strings"
	"testing"
)

func TestSplitCandidates(t *testing.T) {
	const head = "v=0\r\ns=-\r\n"
	for name, test := range map[string]struct {
		sdp, rest  string
		candidates []SectionCandidate
	}{
		"none":         {head + "m=x\r\na=mid:0\r\n", head + "m=x\r\na=mid:0\r\n", nil},
		"mid after":    {head + "m=x\r\na=candidate:1\r\na=mid:d\r\n", head + "m=x\r\na=mid:d\r\n", []SectionCandidate{{"candidate:1", "d"}}},
		"two sections": {head + "m=x\na=candidate:1\na=mid:0\nm=y\na=mid:1\na=candidate:2\na=candidate:3\n", head + "m=x\na=mid:0\nm=y\na=mid:1\n", []SectionCandidate{{"candidate:1", "0"}, {"candidate:2", "1"}, {"candidate:3", "1"}}},
		"no mid":       {head + "m=x\r\nm=y\r\na=candidate:1\r\n", head + "m=x\r\nm=y\r\n", []SectionCandidate{{"candidate:1", "1"}}},
		"session's":    {head + "a=mid:s\r\na=candidate:1\r\nm=x\r\na=mid:0\r\n", head + "a=mid:s\r\nm=x\r\na=mid:0\r\n", []SectionCandidate{{"candidate:1", "0"}}},
		"no section":   {head + "a=candidate:1", head, []SectionCandidate{{"candidate:1", "0"}}},
		"ends":         {head + "a=end-of-candidates\r\nm=x\r\na=end-of-candidates\nb=a=candidate:\r\n", head + "m=x\r\nb=a=candidate:\r\n", nil},
		"likenesses":   {head + "m=x\r\na=candidate\r\na=candidates:1\r\na=end-of-candidates:1\r\n a=candidate:1\r\na=remote-candidates:1\r\n", head + "m=x\r\na=candidate\r\na=candidates:1\r\na=end-of-candidates:1\r\n a=candidate:1\r\na=remote-candidates:1\r\n", nil},
		"unended line": {head + "m=x\r\na=mid:0\r\na=candidate:1", head + "m=x\r\na=mid:0\r\n", []SectionCandidate{{"candidate:1", "0"}}},
		"empty":        {"", "", nil},
	} {
		rest, candidates := SplitCandidates(test.sdp)
		if rest != test.rest || !reflect.DeepEqual(candidates, test.candidates) {
			t.Errorf("%s: %q, %+v, want %q, %+v", name, rest, candidates, test.rest, test.candidates)
		}
	}
}

// The setup of a description is that of its sections: each one's own, or the
// session's, and none of a section that is rejected or bundled with another.
func TestWholeSetup(t *testing.T) {
	const head, data, audio = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
	rejected := strings.Replace(audio, "9", "0", 1)
	setup := func(s Setup) string { return "a=setup:" + s.String() + "\r\n" }
	for name, test := range map[string]struct {
		sdp  string
		want Setup
		good bool
	}{
		"the session's":                   {head + setup(Active) + data, Active, true},
		"the section's before that":       {head + setup(ActPass) + data + setup(Active), Active, true},
		"of each section, before that":    {head + setup(ActPass) + data + setup(Passive) + audio + setup(Passive), Passive, true},
		"one of a bundle":                 {head + data + setup(ActPass) + audio, ActPass, true},
		"the second of a bundle":          {head + audio + data + setup(ActPass), ActPass, true},
		"another of a rejected section":   {head + data + setup(Active) + rejected + setup(Passive), Active, true},
		"two":                             {head + data + setup(Active) + audio + setup(Passive), 0, false},
		"its own and the session's":       {head + setup(ActPass) + data + setup(Active) + audio, 0, false},
		"twice in a section":              {head + data + setup(Active) + setup(Passive), 0, false},
		"none":                            {head + data + audio, 0, false},
		"of none but a rejected section":  {head + data + rejected + setup(Active), 0, false},
		"nobody's, and a session of none": {head, 0, false},
	} {
		for _, sdp := range []string{test.sdp, strings.ReplaceAll(test.sdp, "\r\n", "\n")} {
			d, err := Describe(sdp)
			if (err == nil) != test.good || d.Setup != test.want || err == nil && d.SDP() != sdp {
				t.Errorf("%s: %v, %v", name, d.Setup, err)
			}
		}
	}
}

func FuzzSplitCandidates(f *testing.F) {
	f.Add(wholeSDP(ActPass))
	f.Add("a=candidate:\nm=\na=mid:\r\na=end-of-candidates")
	f.Fuzz(func(t *testing.T, sdp string) {
		rest, candidates := SplitCandidates(sdp)
		again, none := SplitCandidates(rest)
		if again != rest || none != nil {
			t.Fatalf("of %q is left %q and %+v", rest, again, none)
		}
		for _, c := range candidates {
			if !strings.Contains(sdp, "a="+c.Candidate) || strings.ContainsRune(c.Candidate+c.MID, '\n') {
				t.Fatalf("%+v of %q", c, sdp)
			}
		}
	})
}
