package signaling

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What real browsers write has one certificate, in however many sections.
func TestFingerprints(t *testing.T) {
	files, err := filepath.Glob("testdata/*.sdp")
	if err != nil || len(files) == 0 {
		t.Fatal("no descriptions in testdata", err)
	}
	for _, file := range files {
		sdp, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all, err := Fingerprints(string(sdp))
		if err != nil || len(all) != 1 || all[0] == ([32]byte{}) {
			t.Errorf("%s: %d fingerprints, %v", file, len(all), err)
		}
	}
}

func TestFingerprintsOf(t *testing.T) {
	line := func(hash string, octet string) string {
		return "a=fingerprint:" + hash + " " + strings.TrimSuffix(strings.Repeat(octet+":", 32), ":") + "\r\n"
	}
	one, other := line("sha-256", "AB"), line("SHA-256", "01")
	all, err := Fingerprints("v=0\r\n" + one + "m=audio\r\n" + other + "m=video\r\n" + strings.ToLower(one))
	if err != nil || len(all) != 2 || all[0][0] != 1 || all[1][0] != 0xab {
		t.Errorf("%x, %v", all, err)
	}
	for name, sdp := range map[string]string{
		"none":         "v=0\r\n",
		"another hash": one + line("sha-512", "AB"),
		"short":        "a=fingerprint:sha-256 AB:CD\r\n",
		"long":         strings.TrimSuffix(one, "\r\n") + ":AB\r\n",
		"no hex":       line("sha-256", "XY"),
		"no hash":      "a=fingerprint:\r\n",
	} {
		if all, err := Fingerprints(sdp); !errors.Is(err, ErrDescription) || all != nil {
			t.Errorf("%s: %x, %v", name, all, err)
		}
	}
}

// FuzzFingerprints: whatever is in SDP is read or refused.
func FuzzFingerprints(f *testing.F) {
	f.Add("a=fingerprint:sha-256 " + strings.Repeat("AB:", 31) + "AB\r\n")
	f.Fuzz(func(t *testing.T, sdp string) {
		if all, err := Fingerprints(sdp); (err == nil) != (len(all) > 0) {
			t.Fatalf("%x, %v", all, err)
		}
	})
}
