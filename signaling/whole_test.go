package signaling

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// wholeSDP returns a description with setup that the compact form cannot represent.
func wholeSDP(setup Setup) string {
	return strings.NewReplacer("actpass", setup.String(), "a=mid:0", "a=mid:data", "BUNDLE 0", "BUNDLE data").Replace(exampleSDP)
}

// padded returns such SDP of exactly that many octets.
func padded(size int) string {
	sdp := wholeSDP(ActPass) + "i="
	return sdp + strings.Repeat("x", size-len(sdp)-2) + "\r\n"
}

// deflated writes the form that travels whole, with what follows the SDP.
func deflated(t testing.TB, level int, sdp, after string) string {
	t.Helper()
	b := bytes.NewBuffer([]byte{wholeVersion})
	w, err := flate.NewWriter(b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte(sdp))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b.WriteString(after)
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// roundTripWhole takes a description through text and returns that.
func roundTripWhole(t testing.TB, d Description) string {
	t.Helper()
	text, err := d.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var back Description
	if err := back.UnmarshalText(text); err != nil || !reflect.DeepEqual(back, d) {
		t.Fatalf("%v\n%+v\n%+v", err, d, back)
	}
	return string(text)
}

// For SDP that fits the compact form, Describe returns the result of ParseSDP.
func TestDescribeCompact(t *testing.T) {
	for name, sdp := range fixtures(t) {
		want, err := ParseSDP(sdp)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := Describe(sdp); err != nil || !reflect.DeepEqual(d, want) {
			t.Errorf("%s: %v\n%+v", name, err, d)
		}
	}
}

// What does not fit comes out as it went in, and is told apart by its first
// letter: M to P in one form, Q in the other.
func TestDescribeWhole(t *testing.T) {
	replace := func(old, new string) string { return replaceOnce(t, exampleSDP, old, new) }
	section := exampleSDP[strings.Index(exampleSDP, "m="):]
	for name, sdp := range map[string]string{
		"mid":            wholeSDP(ActPass),
		"setup active":   wholeSDP(Active),
		"setup passive":  wholeSDP(Passive),
		"two sections":   exampleSDP + section,
		"media":          exampleSDP + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:111 opus/48000/2\r\n",
		"SCTP port":      replace("5000", "5001"),
		"ice-lite":       replace("t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n"),
		"line feeds":     strings.ReplaceAll(wholeSDP(ActPass), "\r\n", "\n"),
		"no end of line": strings.TrimSpace(wholeSDP(ActPass)),
		"text":           replace("s=-", "s=Zoë 😀") + "a=mid:1\r\n",
		"largest":        padded(maxSDP),
	} {
		d, err := Describe(sdp)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.SDP() != sdp || !strings.Contains(sdp, "a=setup:"+d.Setup.String()) {
			t.Errorf("%s: setup %v\n%s", name, d.Setup, d.SDP())
		}
		text := roundTripWhole(t, d)
		if text[0] != 'Q' {
			t.Errorf("%s: %.8s…", name, text)
		}
		t.Logf("%-16s %5d octets, deflated %4d characters", name, len(sdp), len(text))
	}
	if text := roundTrip(t, example()); text[0] < 'M' || text[0] > 'P' {
		t.Errorf("compact: %.8s…", text)
	}
}

// Refused SDP can be neither marshaled nor unmarshaled.
func TestWholeRefuses(t *testing.T) {
	whole := wholeSDP(ActPass)
	for name, sdp := range map[string]string{
		"nothing":              "",
		"ends of line":         "\r\n\r\n",
		"no SDP":               "hello",
		"HTML":                 "<!doctype html>",
		"no version":           whole[len("v=0\r\n"):],
		"version 1":            replaceOnce(t, whole, "v=0", "v=1"),
		"mark before it":       "\ufeff" + whole,
		"line feed before it":  "\n" + whole,
		"blank line":           replaceOnce(t, whole, "t=0 0\r\n", "t=0 0\r\n\r\n"),
		"line of a letter":     whole + "a\r\n",
		"line without =":       whole + "xy\r\n",
		"type in upper case":   whole + "A=x\r\n",
		"NUL":                  whole + "i=\x00\r\n",
		"not UTF-8":            whole + "i=\xff\r\n",
		"carriage return":      whole + "i=a\rb\r\n",
		"two carriage returns": whole + "i=a\r\r\n",
		"no setup":             replaceOnce(t, whole, "a=setup:actpass\r\n", ""),
		"setup without value":  replaceOnce(t, whole, "a=setup:actpass", "a=setup"),
		"another setup":        replaceOnce(t, whole, "actpass", "holdconn"),
		"two setups":           whole + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=setup:active\r\n",
		"too large":            padded(maxSDP + 1),
	} {
		if d, err := Describe(sdp); !errors.Is(err, ErrDescription) || !reflect.ValueOf(d).IsZero() {
			t.Errorf("%s: %v, %+v", name, err, d)
		}
		d := Description{ICEUfrag: "left alone"}
		if err := d.UnmarshalText([]byte(deflated(t, 9, sdp, ""))); !errors.Is(err, ErrDescription) || d.ICEUfrag != "left alone" {
			t.Errorf("%s, deflated: %v, %+v", name, err, d)
		}
	}
	// Nor can it be made to say another setup than the SDP does.
	d, err := Describe(whole)
	if err != nil {
		t.Fatal(err)
	}
	d.Setup = Active
	if text, err := d.MarshalText(); !errors.Is(err, ErrDescription) || d.SDP() != "" {
		t.Errorf("setup changed: %s, %v", text, err)
	}
}

func TestInflateRefuses(t *testing.T) {
	whole := wholeSDP(ActPass)
	good := deflated(t, 9, whole, "")
	for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, 1, 6} { // whoever deflated it
		var d Description
		if err := d.UnmarshalText([]byte(deflated(t, level, whole, ""))); err != nil || d.SDP() != whole {
			t.Errorf("level %d: %v", level, err)
		}
	}
	raw, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(head byte, rest string) string {
		return base64.RawURLEncoding.EncodeToString(append([]byte{head}, rest...))
	}
	for name, text := range map[string]string{
		"nothing":             "",
		"only the version":    encode(wholeVersion, ""),
		"a flag":              encode(wholeVersion|1, string(raw[1:])),
		"setup in the flags":  encode(wholeVersion|1<<setupShift, string(raw[1:])),
		"version 3":           encode(3<<5, string(raw[1:])),
		"octet after":         deflated(t, 9, whole, "\x00"),
		"another one after":   deflated(t, 9, whole, string(raw[1:])),
		"zlib":                encode(wholeVersion, "\x78\xda"+string(raw[1:])),
		"reserved block":      encode(wholeVersion, "\x07"),
		"empty":               deflated(t, 9, "", ""),
		"padding":             good + "=",
		"line feed":           good[:4] + "\n" + good[4:],
		"line feed at end":    good + "\n",
		"not base64url":       "Q+" + good[2:],
		"bomb":                deflated(t, 9, padded(4<<20), ""),
		"bomb of no text":     deflated(t, 9, strings.Repeat("\x00", 4<<20), ""),
		"larger by one octet": deflated(t, 9, padded(maxSDP+1), ""),
		"empty blocks":        encode(wholeVersion, strings.Repeat("\x00\x00\x00\xff\xff", 10000)),
	} {
		d := Description{ICEUfrag: "left alone"}
		if err := d.UnmarshalText([]byte(text)); !errors.Is(err, ErrDescription) || d.ICEUfrag != "left alone" {
			t.Errorf("%s: %v, %+v", name, err, d)
		}
	}
	for n := range raw { // cut anywhere
		if err := new(Description).UnmarshalText([]byte(base64.RawURLEncoding.EncodeToString(raw[:n]))); !errors.Is(err, ErrDescription) {
			t.Errorf("%d octets of %d: %v", n, len(raw), err)
		}
	}
}

func TestMaxSDP(t *testing.T) {
	for _, size := range []int{maxSDP - 1, maxSDP, maxSDP + 1} {
		sdp := padded(size)
		if _, err := Describe(sdp); (err == nil) != (size <= maxSDP) {
			t.Errorf("describe %d octets: %v", size, err)
		}
		var d Description
		err := d.UnmarshalText([]byte(deflated(t, 9, sdp, "")))
		if (err == nil) != (size <= maxSDP) || err == nil && d.SDP() != sdp {
			t.Errorf("inflate %d octets: %v", size, err)
		}
	}
}

// A deflate bomb is inflated to little more than the limit.
func TestBombAllocates(t *testing.T) {
	bomb := []byte(deflated(t, 9, padded(4<<20), ""))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := new(Description).UnmarshalText(bomb)
	runtime.ReadMemStats(&after)
	allocated := after.TotalAlloc - before.TotalAlloc
	t.Logf("4 MiB of SDP in %d characters: %d octets allocated, %v", len(bomb), allocated, err)
	if allocated > 8*maxSDP {
		t.Errorf("%d octets allocated", allocated)
	}
}

func FuzzDescribe(f *testing.F) {
	for _, sdp := range fixtures(f) {
		f.Add(sdp)
		f.Add(strings.Replace(sdp, "a=mid:0", "a=mid:data", 1))
	}
	f.Add(wholeSDP(Passive))
	f.Fuzz(func(t *testing.T, sdp string) {
		d, err := Describe(sdp)
		switch {
		case err != nil:
			if !errors.Is(err, ErrDescription) || !reflect.ValueOf(d).IsZero() {
				t.Fatalf("%v, %+v", err, d)
			}
		case d.whole == "":
			roundTrip(t, d)
		case d.SDP() != sdp:
			t.Fatalf("%q became %q", sdp, d.SDP())
		default:
			roundTripWhole(t, d)
		}
	})
}
