package webpush

import (
	"bytes"
	"crypto/ecdh"
	"errors"
	"math"
	"slices"
	"strconv"
	"testing"
)

// testKeys stand for whatever a body's keys come from.
var testKeys = contentKeys{cek: [cekSize]byte{1}, nonce: [nonceSize]byte{2}}

// split cuts data into records of n octets each with their delimiters, the
// last with its own.
func split(data []byte, n int) [][]byte {
	var records [][]byte
	for chunk := range slices.Chunk(data, n) {
		records = append(records, append(bytes.Clone(chunk), delimiter))
	}
	if records == nil {
		records = [][]byte{{delimiter}}
	}
	last := records[len(records)-1]
	last[len(last)-1] = delimiterLast
	return records
}

// sealAll encrypts records that have their delimiters already, right or wrong.
func (k contentKeys) sealAll(t testing.TB, records ...[]byte) []byte {
	t.Helper()
	aead, err := k.aead()
	if err != nil {
		t.Fatal(err)
	}
	var sealed []byte
	for seq, record := range records {
		sealed = aead.Seal(sealed, k.nonceOf(uint64(seq)), record, nil)
	}
	return sealed
}

func TestOpenRecords(t *testing.T) {
	const size = 20 // octets: 3 of data, delimiter, tag
	for name, test := range map[string]struct {
		records [][]byte
		want    string
		err     error
	}{
		"one, 17 octets, empty":         {[][]byte{{2}}, "", nil},
		"one, 18 octets":                {[][]byte{{'a', 2}}, "a", nil},
		"one, full":                     {[][]byte{{'a', 'b', 'c', 2}}, "abc", nil},
		"one, padded":                   {[][]byte{{'a', 2, 0, 0}}, "a", nil},
		"one, data ends like padding":   {[][]byte{{0, 2, 2, 0}}, "\x00\x02", nil},
		"two":                           {[][]byte{{'a', 'b', 'c', 1}, {'d', 2}}, "abcd", nil},
		"two, the first padded":         {[][]byte{{'a', 1, 0, 0}, {'d', 2}}, "ad", nil},
		"two, the last empty":           {[][]byte{{'a', 'b', 'c', 1}, {2}}, "abc", nil},
		"two, both full":                {[][]byte{{'a', 'b', 'c', 1}, {'d', 'e', 'f', 2}}, "abcdef", nil},
		"none":                          {nil, "", ErrDecrypt},
		"16 octets, not even delimiter": {[][]byte{{}}, "", ErrDecrypt},
		"zeros only":                    {[][]byte{{0, 0, 0, 0}}, "", ErrDecrypt},
		"no delimiter":                  {[][]byte{{'a', 'b', 'c'}}, "", ErrDecrypt},
		"the last says that more come":  {[][]byte{{'a', 1}}, "", ErrDecrypt},
		"the first says that it's last": {[][]byte{{'a', 'b', 'c', 2}, {'d', 2}}, "", ErrDecrypt},
		"a short record before another": {[][]byte{{'a', 1}, {'d', 'e', 'f', 2}}, "", ErrDecrypt},
	} {
		got, err := testKeys.open(size, testKeys.sealAll(t, test.records...))
		if string(got) != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: %q, %v, want %q, %v", name, got, err, test.want, test.err)
		}
	}
}

// TestOpenOrder: records cannot be swapped, repeated or left out.
func TestOpenOrder(t *testing.T) {
	const size = 20
	sealed := testKeys.sealAll(t, split([]byte("abcdefghi"), 3)...)
	a, b, c := sealed[:20], sealed[20:40], sealed[40:]
	for name, records := range map[string][]byte{
		"swapped":  slices.Concat(b, a, c),
		"repeated": slices.Concat(a, a, b, c),
		"left out": slices.Concat(a, c),
		"cut":      slices.Concat(a, b),
	} {
		if got, err := testKeys.open(size, records); !errors.Is(err, ErrDecrypt) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestRecordSizeLimits(t *testing.T) {
	for recordSize, want := range map[uint32]error{0: ErrBody, 1: ErrBody, 16: ErrBody, 17: ErrBody, 18: nil, 4096: nil, math.MaxUint32: nil} {
		body := header{recordSize: recordSize}.append(nil)
		body = append(body, testKeys.sealAll(t, []byte{'a', 2})...)
		h, records, err := cutHeader(body)
		if !errors.Is(err, want) {
			t.Errorf("record size %d: %v, want %v", recordSize, err, want)
		}
		if err != nil {
			continue
		}
		if got, err := testKeys.open(h.recordSize, records); err != nil || string(got) != "a" {
			t.Errorf("record size %d: %q, %v", recordSize, got, err)
		}
	}
}

func TestCutHeader(t *testing.T) {
	for _, n := range []int{0, 1, 65, 255} {
		h := header{salt: [saltSize]byte{9}, recordSize: 18, keyID: bytes.Repeat([]byte("k"), n)}
		body := h.append(nil)
		got, records, err := cutHeader(append(body, "rest"...))
		if err != nil || got.salt != h.salt || got.recordSize != 18 || !bytes.Equal(got.keyID, h.keyID) || string(records) != "rest" {
			t.Errorf("%d octets of key identifier: %v, %q, %v", n, got, records, err)
		}
		for short := range body {
			if _, _, err := cutHeader(body[:short]); !errors.Is(err, ErrBody) {
				t.Errorf("%d of %d octets of header: %v", short, len(body), err)
			}
		}
	}
}

// TestDecryptTampered changes every octet of a body, one at a time. Only the
// record size, of all, is not authenticated: there some changes leave a body
// with the same single record.
func TestDecryptTampered(t *testing.T) {
	private, sub := newReceiver(t)
	plaintext := []byte("ring")
	body, err := Encrypt(sub, plaintext)
	if err != nil {
		t.Fatal(err)
	}
	for i := range body {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			tampered := bytes.Clone(body)
			tampered[i] ^= flip
			got, err := Decrypt(private, sub.AuthSecret, tampered)
			switch inRecordSize := i >= saltSize && i < saltSize+4; {
			case err != nil && !errors.Is(err, ErrBody) && !errors.Is(err, ErrDecrypt):
				t.Errorf("octet %d: undocumented error %v", i, err)
			case err == nil && !inRecordSize:
				t.Errorf("octet %d changed by %#x is not found", i, flip)
			case err == nil && !bytes.Equal(got, plaintext):
				t.Errorf("octet %d changed by %#x makes it %q", i, flip, got)
			}
		}
	}
}

func TestDecryptWrongLength(t *testing.T) {
	private, sub := newReceiver(t)
	body, err := Encrypt(sub, []byte("ring"))
	if err != nil {
		t.Fatal(err)
	}
	for n := range body {
		if _, err := Decrypt(private, sub.AuthSecret, body[:n]); !errors.Is(err, ErrBody) && !errors.Is(err, ErrDecrypt) {
			t.Errorf("%d of %d octets: %v", n, len(body), err)
		}
	}
	for _, n := range []int{1, 16, 17, 18, recordSize - len(body), recordSize, 2 * recordSize} {
		if _, err := Decrypt(private, sub.AuthSecret, append(bytes.Clone(body), make([]byte, n)...)); !errors.Is(err, ErrDecrypt) {
			t.Errorf("%d octets of garbage: %v", n, err)
		}
	}
}

func TestDecryptWrongKeys(t *testing.T) {
	private, sub := newReceiver(t)
	body, err := Encrypt(sub, []byte("ring"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decrypt(newPrivate(t), sub.AuthSecret, body); !errors.Is(err, ErrDecrypt) {
		t.Errorf("another private key: %v", err)
	}
	if _, err := Decrypt(private, [authSecretSize]byte{}, body); !errors.Is(err, ErrDecrypt) {
		t.Errorf("another auth secret: %v", err)
	}
	x25519, err := ecdh.X25519().NewPrivateKey(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decrypt(x25519, sub.AuthSecret, body); err == nil {
		t.Error("a key of another curve decrypts")
	}
}

// TestDecryptKeyID: the key identifier has to be an uncompressed point.
func TestDecryptKeyID(t *testing.T) {
	private, sub := newReceiver(t)
	point := newPrivate(t).PublicKey().Bytes()
	offCurve := bytes.Clone(point)
	offCurve[64] ^= 1
	for i, keyID := range [][]byte{nil, []byte("a1"), point[:64], append(bytes.Clone(point), 0), offCurve, make([]byte, 65), make([]byte, 255)} {
		body := header{recordSize: recordSize, keyID: keyID}.append(nil)
		body = append(body, testKeys.sealAll(t, []byte{2})...)
		if _, err := Decrypt(private, sub.AuthSecret, body); !errors.Is(err, ErrBody) {
			t.Error(strconv.Itoa(i), err)
		}
	}
}

func FuzzDecrypt(f *testing.F) {
	v := loadVector(f, "rfc8291-appendix-a.txt")
	private, authSecret := v.private(f, "ua_private"), [authSecretSize]byte(v.octets(f, "auth"))
	f.Add(v.octets(f, "body"))
	f.Add(loadVector(f, "rfc8188-3.1.txt").octets(f, "body"))
	f.Add(loadVector(f, "rfc8188-3.2.txt").octets(f, "body"))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, err := Decrypt(private, authSecret, body)
		if err != nil && !errors.Is(err, ErrBody) && !errors.Is(err, ErrDecrypt) {
			t.Fatalf("undocumented error %v", err)
		}
		h, records, err := cutHeader(body)
		if err != nil {
			return
		}
		if again := append(h.append(nil), records...); !bytes.Equal(again, body) {
			t.Fatalf("header and records make %x, want %x", again, body)
		}
	})
}
