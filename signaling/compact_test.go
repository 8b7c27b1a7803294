package signaling

import (
	"encoding/base64"
	"errors"
	"reflect"
	"testing"
)

// compactExample returns the octets of a description with one IPv4 candidate.
func compactExample(t *testing.T) []byte {
	d := example()
	d.Candidates = d.Candidates[:1]
	text, err := d.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	b, err := base64.RawURLEncoding.DecodeString(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestUnmarshalRefuses(t *testing.T) {
	const (
		credentials = 3
		candidate   = 3 + 3 + 18 + 32
	)
	for name, change := range map[string]func(b []byte) []byte{
		"version 0":            func(b []byte) []byte { b[0] &^= versionBits; return b },
		"the other version":    func(b []byte) []byte { b[0] ^= 3 << 5; return b },
		"setup 3":              func(b []byte) []byte { b[0] |= 3 << setupShift; return b },
		"hex ufrag of no hex":  func(b []byte) []byte { b[0] |= ufragHexBit; return b },
		"odd hex":              func(b []byte) []byte { b[0] |= ufragHexBit; b[1]++; return b },
		"hex not packed so":    func(b []byte) []byte { copy(b[credentials:], "\x69\xb7\x1d"); return b }, // "abcd"
		"bits after the ufrag": func(b []byte) []byte { b[1] = 3; copy(b[credentials:], "\xff\xff\xff\xff\xff\xff"); return b },
		"ufrag too long":       func(b []byte) []byte { b[1] = 253; return append(b, make([]byte, 300)...) },
		"pwd too long":         func(b []byte) []byte { b[2] = 235; return append(b, make([]byte, 300)...) },
		"type 4":               func(b []byte) []byte { b[candidate] |= 4 << typeShift; return b },
		"type 8":               func(b []byte) []byte { b[candidate] |= 8 << typeShift; return b },
		"protocol 3":           func(b []byte) []byte { b[candidate] |= 3 << protocolShift; return b },
		"address of kind 3":    func(b []byte) []byte { b[candidate] |= 3; return b[:candidate+6] },
		"port 0":               func(b []byte) []byte { b[candidate+1], b[candidate+2] = 0, 0; return b },
		"priority":             func(b []byte) []byte { b[candidate+3] |= 0x80; return b },
		"unspecified":          func(b []byte) []byte { return append(b[:candidate+6], 0, 0, 0, 0) },
		"twice":                func(b []byte) []byte { return append(b, b[candidate:]...) },
		"mapped IPv4": func(b []byte) []byte {
			b[candidate] |= addressIPv6
			return append(b[:candidate+6], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 2)
		},
		"nil UUID": func(b []byte) []byte {
			b[candidate] |= addressMDNS
			return append(b[:candidate+6], make([]byte, 16)...)
		},
		"octet after": func(b []byte) []byte { return append(b, 0) },
	} {
		text := base64.RawURLEncoding.EncodeToString(change(compactExample(t)))
		d := Description{ICEUfrag: "left alone"}
		if err := d.UnmarshalText([]byte(text)); !errors.Is(err, ErrDescription) || d.ICEUfrag != "left alone" {
			t.Errorf("%s: %v, %+v", name, err, d)
		}
	}
	whole := compactExample(t)
	text := base64.RawURLEncoding.EncodeToString(whole)
	for name, text := range map[string]string{
		"padding":     text + "=",
		"line feed":   text[:4] + "\n" + text[4:],
		"alphabet":    "+" + text[1:],
		"stray octet": text + "A",
	} {
		if err := new(Description).UnmarshalText([]byte(text)); !errors.Is(err, ErrDescription) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n := range whole { // cut anywhere but where the candidate begins
		err := new(Description).UnmarshalText([]byte(base64.RawURLEncoding.EncodeToString(whole[:n])))
		if (n == candidate) != (err == nil) {
			t.Errorf("%d octets of %d: %v", n, len(whole), err)
		}
	}
}

func FuzzParseSDP(f *testing.F) {
	for _, sdp := range fixtures(f) {
		f.Add(sdp)
	}
	f.Add(exampleSDP)
	f.Fuzz(func(t *testing.T, sdp string) {
		if d, err := ParseSDP(sdp); err == nil {
			roundTrip(t, d)
		} else if !errors.Is(err, ErrDescription) || !reflect.ValueOf(d).IsZero() {
			t.Fatalf("%v, %+v", err, d)
		}
	})
}

func FuzzUnmarshalDescription(f *testing.F) {
	for _, sdp := range append([]string{exampleSDP}, values(fixtures(f))...) {
		d, err := ParseSDP(sdp)
		if err != nil {
			f.Fatal(err)
		}
		text, err := d.MarshalText()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(deflated(f, 9, wholeSDP(ActPass), ""))
	f.Add(deflated(f, 0, wholeSDP(Active), ""))
	f.Fuzz(func(t *testing.T, text string) {
		var d Description
		switch err := d.UnmarshalText([]byte(text)); {
		case err != nil:
			if !errors.Is(err, ErrDescription) {
				t.Fatal(err)
			}
		case d.whole != "":
			roundTripWhole(t, d)
		default:
			if again := roundTrip(t, d); again != text {
				t.Fatalf("%q became %q", text, again)
			}
		}
	})
}

func values(m map[string]string) (list []string) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}
