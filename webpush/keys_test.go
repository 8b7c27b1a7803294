package webpush

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
)

const (
	pointText  = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4" // RFC 8291, Appendix A
	scalarText = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"                                             // its private half
)

// spellings are the forms of one base64 text that all have to be read.
func spellings(text string) []string {
	standard := strings.NewReplacer("-", "+", "_", "/").Replace(text)
	padding := strings.Repeat("=", (4-len(text)%4)%4)
	return []string{text, text + padding, standard, standard + padding}
}

func TestParsePublicKey(t *testing.T) {
	for _, text := range spellings(pointText) {
		key, err := ParsePublicKey(text)
		if err != nil || key.String() != pointText || key.IsZero() {
			t.Errorf("%s: %v, %v", text, key, err)
		}
	}

	point, _ := base64.RawURLEncoding.DecodeString(pointText)
	change := func(at int, to byte) string {
		changed := bytes.Clone(point)
		changed[at] = to
		return encodeBase64(changed)
	}
	for name, text := range map[string]string{
		"empty":               "",
		"not base64":          "!" + pointText[1:],
		"odd length":          pointText + "AA",
		"too much padding":    pointText + "==",
		"newline within":      pointText[:40] + "\n" + pointText[40:],
		"space at the end":    pointText + " ",
		"trailing bits":       pointText[:len(pointText)-1] + "5",
		"64 octets":           encodeBase64(point[:64]),
		"66 octets":           encodeBase64(append(bytes.Clone(point), 0)),
		"compressed":          encodeBase64(append([]byte{2}, point[1:33]...)),
		"hybrid":              change(0, 6),
		"off the curve":       change(64, point[64]^1),
		"infinity":            "AA",
		"65 zeros":            encodeBase64(make([]byte, 65)),
		"coordinates above p": encodeBase64(append([]byte{4}, bytes.Repeat([]byte{0xff}, 64)...)),
	} {
		if key, err := ParsePublicKey(text); !errors.Is(err, ErrPublicKey) || !key.IsZero() {
			t.Errorf("%s: %v, %v", name, key, err)
		}
	}
}

func TestPublicKeyText(t *testing.T) {
	key, err := ParsePublicKey(pointText)
	if err != nil {
		t.Fatal(err)
	}
	text, err := key.MarshalText()
	if err != nil || string(text) != pointText {
		t.Errorf("%s, %v", text, err)
	}
	var again PublicKey
	if err := again.UnmarshalText(text); err != nil || again != key {
		t.Errorf("%v, %v", again, err)
	}
	if err := again.UnmarshalText([]byte("AA")); !errors.Is(err, ErrPublicKey) || again != key {
		t.Errorf("a failed read left %v, %v", again, err)
	}

	var none PublicKey
	if _, err := none.MarshalText(); !errors.Is(err, ErrPublicKey) {
		t.Errorf("no key as text: %v", err)
	}
	if none.String() != "" || none.Bytes() != nil || !none.IsZero() {
		t.Errorf("no key is %q, %x", none, none.Bytes())
	}
}

func TestPublicKeyCompare(t *testing.T) {
	key, err := ParsePublicKey(pointText)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ParsePublicKey("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8")
	if err != nil {
		t.Fatal(err)
	}
	if key.Compare(key) != 0 || key.Compare(other) != -1 || other.Compare(key) != 1 {
		t.Error("not an order")
	}
}

// TestPublicKeyBytes: what a caller does to the octets does not reach the key.
func TestPublicKeyBytes(t *testing.T) {
	key, err := ParsePublicKey(pointText)
	if err != nil {
		t.Fatal(err)
	}
	clear(key.Bytes())
	if key.String() != pointText {
		t.Error("the key changed")
	}
}

func TestParseApplicationServerKey(t *testing.T) {
	for _, text := range spellings(scalarText) {
		key, err := ParseApplicationServerKey(text)
		if err != nil || key.Public().String() != pointText || encodeBase64(key.Bytes()) != scalarText {
			t.Errorf("%s: %v, %v", text, key, err)
		}
	}

	for name, text := range map[string]string{
		"empty":      "",
		"not base64": "?" + scalarText[1:],
		"31 octets":  encodeBase64(make([]byte, 31)),
		"33 octets":  encodeBase64(make([]byte, 33)),
		"zero":       encodeBase64(make([]byte, 32)),
		"the order":  encodeBase64(order),
		"a point":    pointText,
	} {
		if key, err := ParseApplicationServerKey(text); !errors.Is(err, ErrApplicationServerKey) || !key.IsZero() {
			t.Errorf("%s: %v, %v", name, key, err)
		}
	}
	below := bytes.Clone(order)
	below[31]--
	if _, err := ParseApplicationServerKey(encodeBase64(below)); err != nil {
		t.Errorf("the order - 1: %v", err)
	}
}

func TestApplicationServerKeyText(t *testing.T) {
	key, err := GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	text, err := key.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var again ApplicationServerKey
	if err := again.UnmarshalText(text); err != nil || again != key {
		t.Errorf("%v, %v", again, err)
	}
	if other, err := GenerateApplicationServerKey(); err != nil || other == key {
		t.Errorf("a second key equals the first, %v", err)
	}

	var none ApplicationServerKey
	if _, err := none.MarshalText(); !errors.Is(err, ErrApplicationServerKey) {
		t.Errorf("no key as text: %v", err)
	}
	if none.Bytes() != nil || !none.IsZero() || !none.Public().IsZero() {
		t.Errorf("no key is %v", none)
	}
}

// TestApplicationServerKeyIsNotPrinted: not even from inside an unexported
// field, where fmt does not see the String method.
func TestApplicationServerKeyIsNotPrinted(t *testing.T) {
	key, err := ParseApplicationServerKey(scalarText)
	if err != nil {
		t.Fatal(err)
	}
	type holder struct{ key ApplicationServerKey }
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		for _, value := range []any{key, &key, holder{key}, &holder{key}, []ApplicationServerKey{key}} {
			printed := strings.ToLower(fmt.Sprintf(verb, value))
			for _, form := range []string{"%x", "%d", "%#v"} {
				scalar := strings.Trim(fmt.Sprintf(form, key.Bytes()), "[]byte{}")
				if strings.Contains(printed, scalar) || strings.Contains(printed, strings.ToLower(scalarText)) {
					t.Errorf("%s of %T prints the key", verb, value)
				}
			}
		}
	}
}

func FuzzParsePublicKey(f *testing.F) {
	for _, text := range spellings(pointText) {
		f.Add(text)
	}
	f.Add("")
	f.Add("====")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParsePublicKey(text)
		if err != nil {
			if !errors.Is(err, ErrPublicKey) {
				t.Fatalf("undocumented error %v", err)
			}
			return
		}
		if again, err := ParsePublicKey(key.String()); err != nil || again != key {
			t.Fatalf("%q reads as %v, %v", key, again, err)
		}
	})
}

func FuzzParseApplicationServerKey(f *testing.F) {
	for _, text := range spellings(scalarText) {
		f.Add(text)
	}
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParseApplicationServerKey(text)
		if err != nil {
			if !errors.Is(err, ErrApplicationServerKey) {
				t.Fatalf("undocumented error %v", err)
			}
			return
		}
		written, err := key.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseApplicationServerKey(string(written)); err != nil || again != key {
			t.Fatalf("reads back as %v, %v", again, err)
		}
	})
}

func TestCompressedKey(t *testing.T) {
	for range 64 { // either parity, and now and then an X that begins with 0
		key, err := GenerateApplicationServerKey()
		if err != nil {
			t.Fatal(err)
		}
		short := key.Public().Compressed()
		again, err := NewCompressedKey(short)
		if len(short) != CompressedKeySize || err != nil || again != key.Public() {
			t.Fatalf("%x of %v: %v, %v", short, key, again, err)
		}
		for name, raw := range map[string][]byte{
			"nothing":    nil,
			"cut short":  short[:CompressedKeySize-1],
			"too long":   append(short[:CompressedKeySize:CompressedKeySize], 0),
			"whole form": key.Public().Bytes(),
			"form":       append([]byte{4}, short[1:]...),
			"X above p":  append([]byte{2}, bytes.Repeat([]byte{0xff}, 32)...),
		} {
			if k, err := NewCompressedKey(raw); !errors.Is(err, ErrPublicKey) || !k.IsZero() {
				t.Errorf("%s: %v, %v", name, k, err)
			}
		}
	}
	if (PublicKey{}).Compressed() != nil {
		t.Error("no key has a compressed form")
	}
}

// FuzzCompressedKey: what is taken comes back octet by octet.
func FuzzCompressedKey(f *testing.F) {
	key, err := GenerateApplicationServerKey()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(key.Public().Compressed())
	f.Fuzz(func(t *testing.T, raw []byte) {
		k, err := NewCompressedKey(raw)
		if err != nil {
			return
		}
		if _, err := NewPublicKey(k.Bytes()); err != nil || !bytes.Equal(k.Compressed(), raw) {
			t.Errorf("%x becomes %v: %v", raw, k, err)
		}
	})
}
