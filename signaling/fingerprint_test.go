package signaling

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Real browsers write one certificate, in however many sections.
func TestFingerprintOfBrowsers(t *testing.T) {
	files, err := filepath.Glob("testdata/*.sdp")
	if err != nil || len(files) == 0 {
		t.Fatal("no descriptions in testdata", err)
	}
	for _, file := range files {
		sdp, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fingerprint, err := Fingerprint(string(sdp))
		d, describeErr := Describe(string(sdp))
		if err != nil || fingerprint == ([32]byte{}) || describeErr != nil || d.Fingerprint != fingerprint {
			t.Errorf("%s: %x, %v; described with %x, %v", file, fingerprint, err, d.Fingerprint, describeErr)
		}
	}
}

func fingerprintLine(hash, octet string) string {
	return "a=fingerprint:" + hash + " " + strings.TrimSuffix(strings.Repeat(octet+":", 32), ":") + "\r\n"
}

func TestFingerprint(t *testing.T) {
	one, other := fingerprintLine("sha-256", "AB"), fingerprintLine("sha-256", "01")
	got, err := Fingerprint("v=0\r\n" + one + "m=audio\r\n" + fingerprintLine("SHA-256", "ab") + "m=video\r\n" + one)
	if err != nil || got[0] != 0xab || got[31] != 0xab {
		t.Errorf("%x, %v", got, err)
	}
	if got, err := Fingerprint("v=0\r\n"); !errors.Is(err, ErrNoFingerprint) || !errors.Is(err, ErrDescription) {
		t.Errorf("none: %x, %v", got, err)
	}
	for name, sdp := range map[string]string{
		"another in another section":  one + "m=audio 9\r\n" + other,
		"another in the same section": "m=audio 9\r\n" + one + other,
		"another hash":                one + fingerprintLine("sha-512", "AB"),
		"another hash alone":          fingerprintLine("sha-1", "AB"),
		"name in capitals":            one + strings.Replace(other, "fingerprint", "FingerPrint", 1),
		"space before the name":       one + " " + other,
		"space after the name":        one + strings.Replace(other, "fingerprint:", "fingerprint :", 1),
		"two spaces":                  one + strings.Replace(other, " ", "  ", 1),
		"tab":                         one + strings.Replace(other, " ", "\t", 1),
		"space at the end":            one + strings.Replace(other, "\r\n", " \r\n", 1),
		"within a line":               one + "a=x:\r" + other,
		"short":                       "a=fingerprint:sha-256 AB:CD\r\n",
		"long":                        strings.TrimSuffix(one, "\r\n") + ":AB\r\n",
		"no hex":                      fingerprintLine("sha-256", "XY"),
		"no hash":                     "a=fingerprint:\r\n",
		"no value":                    one + "a=fingerprint\r\n",
	} {
		if got, err := Fingerprint(sdp); !errors.Is(err, ErrDescription) || got != ([32]byte{}) {
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
}

// A description with two certificates is refused in both forms.
func TestDescribeTwoFingerprints(t *testing.T) {
	sdp := "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=setup:actpass\r\n" + fingerprintLine("sha-256", "AB") +
		"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n"
	if _, err := Describe(sdp); err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{fingerprintLine("sha-256", "01"), "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" + fingerprintLine("sha-256", "01"), fingerprintLine("sha-1", "AB")} {
		if d, err := Describe(sdp + more); !errors.Is(err, ErrDescription) {
			t.Errorf("%q is described as %+v", more, d)
		}
		text, err := marshalWhole(sdp + more)
		if err != nil {
			t.Fatal(err)
		}
		if err := new(Description).UnmarshalText(text); !errors.Is(err, ErrDescription) {
			t.Errorf("%q is read: %v", more, err)
		}
	}
}

// FuzzFingerprint: a fingerprint is returned or an error, and no line that
// another parser may take for a fingerprint differs from it.
func FuzzFingerprint(f *testing.F) {
	f.Add(fingerprintLine("sha-256", "AB"))
	f.Add(fingerprintLine("sha-256", "AB") + "m=audio\n" + fingerprintLine("sha-256", "01"))
	f.Fuzz(func(t *testing.T, sdp string) {
		got, err := Fingerprint(sdp)
		if err != nil {
			if got != ([32]byte{}) {
				t.Fatalf("%x, %v", got, err)
			}
			return
		}
		for part := range strings.FieldsFuncSeq(sdp, func(r rune) bool { return r == '\r' || r == '\n' }) {
			if read, is := parseFingerprint(part); strings.Contains(strings.ToLower(part), "fingerprint") && (!is || read != got) {
				t.Fatalf("%x, beside %q", got, part)
			}
		}
	})
}
