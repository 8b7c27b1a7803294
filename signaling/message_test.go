//go:build !js

package signaling

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"pushcall/webpush"
)

var sealed = time.UnixMilli(1_790_000_000_123).UTC()

// party is a phone as far as messages go.
type party struct {
	signer   webpush.Signer
	receiver webpush.PublicKey // of its subscription
	card     Card
}

func newParty(t testing.TB) party {
	t.Helper()
	var keys [3]webpush.ApplicationServerKey
	for i := range keys {
		key, err := webpush.GenerateApplicationServerKey()
		if err != nil {
			t.Fatal(err)
		}
		keys[i] = key
	}
	subscription, err := webpush.NewSubscription(endpoint, keys[0].Public().String(), auth)
	if err != nil {
		t.Fatal(err)
	}
	return party{
		signer:   webpush.NewSigner(keys[1]),
		receiver: keys[0].Public(),
		card:     Card{Subscription: subscription, Key: keys[2], Identity: keys[1].Public(), Name: "Zoë"},
	}
}

func described(setup Setup) *Description {
	d := example()
	d.Setup = setup
	return &d
}

// whole returns a description that is not in the compact form.
func whole(t testing.TB, setup Setup) *Description {
	t.Helper()
	d, err := Describe(wholeSDP(setup))
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func seal(t testing.TB, m Message, from, to party) []byte {
	t.Helper()
	payload, err := m.Seal(context.Background(), from.signer, to.receiver)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func open(payload []byte, to party) (Message, error) {
	return Open(context.Background(), payload, to.receiver, webpush.Verify)
}

// Each type, with a card and without.
func TestSealOpen(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	for _, m := range []Message{
		{Type: Offer, Description: described(ActPass)},
		{Type: Offer, Description: described(ActPass), Card: &alice.card},
		{Type: Offer, Description: whole(t, ActPass), Round: maxRound},
		{Type: Ringing, Description: described(Active)},
		{Type: Ringing, Description: described(Passive), Round: 1},
		{Type: Answer, Description: described(Active)},
		{Type: Answer, Description: described(Passive), Card: &alice.card, Round: maxRound},
		{Type: Answer, Description: whole(t, Passive)},
		{Type: Decline},
		{Type: Busy},
		{Type: Waiting},
		{Type: Cancel, Card: &alice.card},
		{Type: CardChanged, Card: &alice.card},
		{Type: Test},
	} {
		m.Call, m.Time = NewCallID(), sealed
		payload := seal(t, m, alice, bob)
		t.Logf("%-7s card %-5v %4d octets", m.Type, m.Card != nil, len(payload))
		m.From = alice.signer.Public()
		if got, err := open(payload, bob); err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%s: %v\n%+v\n%+v", m.Type, err, got, m)
		}
	}
}

// The form is what the package's documentation says, and somebody with a slice
// and ES256 can check it.
func TestPayload(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	m := Message{Type: Offer, Call: CallID{0xff, 11: 1}, Time: sealed, Card: &alice.card, Description: described(ActPass)}
	payload := string(seal(t, m, alice, bob))
	description, err := m.Description.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	plain := alice.card
	plain.Identity = webpush.PublicKey{}
	want := `{"v":1,"type":"offer","call":"_wAAAAAAAAAAAAAB","time":1790000000123,"from":"` + alice.signer.Public().String() +
		`","card":` + string(plain.JSON()) + `,"description":"` + string(description) + `"`
	tail := len(payload) - len(`,"signature":"`) - 86 - len(`"}`)
	if payload[:tail] != want || payload[tail:tail+14] != `,"signature":"` || payload[len(payload)-2:] != `"}` {
		t.Fatalf("got %s\nwant %s", payload, want)
	}
	signature, err := base64.RawURLEncoding.DecodeString(payload[tail+14 : len(payload)-2])
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("pushcall message 1\n" + string(bob.receiver.Bytes()) + payload[:tail]))
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), alice.signer.Public().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature is not over what the documentation says")
	}
}

func TestSealRefuses(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	good := Message{Type: Offer, Call: CallID{1}, Time: sealed, Card: &alice.card, Description: described(ActPass)}
	for _, test := range []struct {
		name   string
		change func(m *Message)
		want   error
	}{
		{"no type", func(m *Message) { m.Type = "" }, ErrType},
		{"unknown type", func(m *Message) { m.Type = "ring" }, ErrType},
		{"no call", func(m *Message) { m.Call = CallID{} }, ErrSyntax},
		{"no time", func(m *Message) { m.Time = time.Time{} }, ErrSyntax},
		{"offer without description", func(m *Message) { m.Description = nil }, ErrSyntax},
		{"answer without description", func(m *Message) { m.Type, m.Description = Answer, nil }, ErrSyntax},
		{"ringing without description", func(m *Message) { m.Type, m.Description = Ringing, nil }, ErrSyntax},
		{"busy with description", func(m *Message) { m.Type = Busy }, ErrSyntax},
		{"test with description", func(m *Message) { m.Type = Test }, ErrSyntax},
		{"offer that decides", func(m *Message) { m.Description = described(Active) }, ErrSyntax},
		{"whole offer that decides", func(m *Message) { m.Description = whole(t, Passive) }, ErrSyntax},
		{"answer that does not", func(m *Message) { m.Type = Answer }, ErrSyntax},
		{"whole answer that does not", func(m *Message) { m.Type, m.Description = Answer, whole(t, ActPass) }, ErrSyntax},
		{"ringing that does not", func(m *Message) { m.Type = Ringing }, ErrSyntax},
		{"whole offer that says otherwise", func(m *Message) { m.Description = whole(t, Passive); m.Description.Setup = ActPass }, ErrDescription},
		{"round -1", func(m *Message) { m.Round = -1 }, ErrSyntax},
		{"round 10", func(m *Message) { m.Round = maxRound + 1 }, ErrSyntax},
		{"no card", func(m *Message) { m.Type, m.Description, m.Card = CardChanged, nil, nil }, ErrSyntax},
		{"bad description", func(m *Message) { m.Description = described(ActPass); m.Description.ICEPwd = "\r\n" }, ErrDescription},
		{"from somebody else", func(m *Message) { m.From = bob.signer.Public() }, ErrSyntax},
		{"somebody else's card", func(m *Message) { m.Card = &bob.card }, ErrSyntax},
	} {
		m := good
		test.change(&m)
		if payload, err := m.Seal(context.Background(), alice.signer, bob.receiver); !errors.Is(err, test.want) || payload != nil {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	if _, err := good.Seal(context.Background(), alice.signer, webpush.PublicKey{}); !errors.Is(err, ErrSyntax) {
		t.Errorf("no receiver: %v", err)
	}
	broken := errors.New("no key")
	if _, err := good.Seal(context.Background(), failingSigner{alice.signer.Public(), nil, broken}, bob.receiver); !errors.Is(err, broken) {
		t.Errorf("signer's error: %v", err)
	}
	if _, err := good.Seal(context.Background(), failingSigner{alice.signer.Public(), make([]byte, 70), nil}, bob.receiver); !errors.Is(err, ErrSyntax) {
		t.Errorf("DER signature: %v", err)
	}
}

type failingSigner struct {
	public    webpush.PublicKey
	signature []byte
	err       error
}

func (s failingSigner) Public() webpush.PublicKey { return s.public }
func (s failingSigner) Sign(context.Context, []byte) ([]byte, error) {
	return s.signature, s.err
}

// resign signs a payload that was changed, as a sender with other code would.
func resign(t *testing.T, payload string, from, to party) []byte {
	t.Helper()
	unsigned, _, found := strings.Cut(payload, signatureBefore)
	if !found {
		t.Fatalf("no signature in %s", payload)
	}
	signature, err := from.signer.Sign(context.Background(), signed([]byte(unsigned), to.receiver))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, `%s,"signature":"%s"}`, unsigned, base64.RawURLEncoding.EncodeToString(signature))
}

// Payloads with valid signatures that are not valid messages.
func TestOpenRefusesForm(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	payload := string(seal(t, Message{Type: Offer, Call: CallID{1}, Time: sealed, Round: 1, Card: &alice.card, Description: described(ActPass)}, alice, bob))
	description, _ := described(ActPass).MarshalText()
	decided, _ := whole(t, Active).MarshalText()
	for _, test := range []struct {
		old, new string
		want     error
	}{
		{`"v":1`, `"v":2`, ErrVersion},
		{`"v":1`, `"v":0`, ErrVersion},
		{`"v":1`, `"v":"1"`, ErrVersion},
		{`"v":1`, `"v":1.5`, ErrVersion},
		{`"v":1,`, ``, ErrVersion},
		{`"v":1,"type":"offer"`, `"v":2,"type":"ring"`, ErrVersion},
		{`"v":1`, `"v":1,"v":1`, ErrSyntax},
		{`"type":"offer"`, `"type":"ring"`, ErrType},
		{`"type":"offer"`, `"type":"Offer"`, ErrType},
		{`"type":"offer"`, `"type":1`, ErrType},
		{`"type":"offer",`, ``, ErrType},
		{`"type":"offer"`, `"type":"answer"`, ErrSyntax},
		{`"type":"offer"`, `"type":"ringing"`, ErrSyntax},
		{`"type":"offer"`, `"type":"cancel"`, ErrSyntax},
		{`"type":"offer"`, `"type":"test"`, ErrSyntax},
		{`"call":"AQAAAAAAAAAAAAAA"`, `"call":"AAAAAAAAAAAAAAAA"`, ErrSyntax},
		{`"call":"AQAAAAAAAAAAAAAA"`, `"call":"AQAAAAAAAAAAAAA"`, ErrSyntax},
		{`"call":"AQAAAAAAAAAAAAAA"`, `"call":"AQAAAAAAAAAAAAAAAA"`, ErrSyntax},
		{`"call":"AQAAAAAAAAAAAAAA"`, `"call":"AQAAAAAAAAAAAAAA\n"`, ErrSyntax},
		{`"call":"AQAAAAAAAAAAAAAA",`, ``, ErrSyntax},
		{`"time":1790000000123`, `"time":0`, ErrSyntax},
		{`"time":1790000000123`, `"time":-1790000000123`, ErrSyntax},
		{`"time":1790000000123`, `"time":99999999999999999999`, ErrSyntax},
		{`"time":1790000000123`, `"time":"1790000000123"`, ErrSyntax},
		{`"round":1`, `"round":-1`, ErrSyntax},
		{`"round":1`, `"round":10`, ErrSyntax},
		{`"round":1`, `"round":4294967297`, ErrSyntax},
		{`"from":"B`, `"from":"A`, ErrSyntax},
		{`"from":`, `"form":`, ErrSyntax},
		{`"card":{`, `"card":"x","cards":{`, ErrSyntax},
		{`"card":{`, `"card":{"identity":"` + alice.signer.Public().String() + `",`, ErrSyntax},
		{`"card":{`, `"card":{"identity":"` + bob.signer.Public().String() + `",`, ErrSyntax},
		{`"endpoint":"https`, `"endpoint":"http`, webpush.ErrInsecureEndpoint},
		{`"` + string(description) + `"`, `""`, ErrDescription},
		{`"` + string(description) + `"`, `"` + string(description[1:]) + `"`, ErrDescription},
		{`"` + string(description) + `"`, `7`, ErrDescription},
		{`"` + string(description) + `"`, `"` + deflated(t, 9, "v=0\r\n", "") + `"`, ErrDescription},
		{`"` + string(description) + `"`, `"` + string(decided) + `"`, ErrSyntax},
		{`{"v"`, `["v"`, ErrSyntax},
		{`"name":"Zoë"`, "\"name\":\"Zo\xeb\"", ErrSyntax},
	} {
		changed := resign(t, replaceOnce(t, payload, test.old, test.new), alice, bob)
		if m, err := open(changed, bob); !errors.Is(err, test.want) || !reflect.ValueOf(m).IsZero() {
			t.Errorf("%s for %s: %v, want %v", test.new, test.old, err, test.want)
		}
	}
	// Members that are not known are signed, and ignored.
	more := resign(t, replaceOnce(t, payload, `"v":1`, `"v":1,"web_push":8030,"notification":{"title":"Call"}`), alice, bob)
	if _, err := open(more, bob); err != nil {
		t.Errorf("unknown members: %v", err)
	}
}

// The signature must be the last member.
func TestOpenRefusesTail(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	payload := string(seal(t, Message{Type: Busy, Call: CallID{1}, Time: sealed}, alice, bob))
	unsigned, tail, _ := strings.Cut(payload, signatureBefore)
	signature := strings.TrimSuffix(tail, signatureAfter)
	for name, changed := range map[string]string{
		"nothing":            "",
		"no signature":       unsigned + "}",
		"only the tail":      signatureBefore + tail,
		"only a signature":   `{"signature":"` + tail,
		"first":              `{"signature":"` + signature + `",` + unsigned[1:] + "}",
		"white space in it":  unsigned + `, "signature":"` + tail,
		"white space at end": payload + " ",
		"before the brace":   unsigned + signatureBefore + signature + `" }`,
		"short":              unsigned + signatureBefore + signature[1:] + `"}`,
		"long":               unsigned + signatureBefore + signature + `A"}`,
		"padded":             unsigned + signatureBefore + signature + `=="}`,
		"not base64url":      unsigned + signatureBefore + "+" + signature[1:] + `"}`,
		"line feed in it":    unsigned + signatureBefore + signature[:85] + `\n"}`,
		"loose bits":         unsigned + signatureBefore + signature[:85] + `B"}`,
		"of no string":       unsigned + `,"signature":7}`,
		"member after it":    unsigned + signatureBefore + signature + `","z":1}`,
		"nested":             unsigned + `,"x":{"y":1` + signatureBefore + tail + "}",
		"in a string":        unsigned + `,"x":"` + signatureBefore + tail,
		"twice":              unsigned + signatureBefore + tail[:88] + signatureBefore[:0] + `,"signature":"` + tail,
		"object after it":    payload + payload,
	} {
		if m, err := open([]byte(changed), bob); !errors.Is(err, ErrSyntax) && !errors.Is(err, ErrVersion) {
			t.Errorf("%s: %v, %+v", name, err, m)
		}
	}
}

func TestOpenRefusesSignature(t *testing.T) {
	alice, bob, eve := newParty(t), newParty(t), newParty(t)
	m := Message{Type: Offer, Call: CallID{1}, Time: sealed, Card: &alice.card, Description: described(ActPass)}
	payload := seal(t, m, alice, bob)
	if _, err := open(payload, eve); !errors.Is(err, ErrSignature) || !errors.Is(err, webpush.ErrSignature) {
		t.Errorf("passed on to another receiver: %v", err)
	}
	if _, err := Open(context.Background(), payload, webpush.PublicKey{}, webpush.Verify); !errors.Is(err, ErrSignature) {
		t.Errorf("to no receiver: %v", err)
	}
	forged := strings.Replace(string(payload), alice.signer.Public().String(), eve.signer.Public().String(), 1)
	if _, err := open([]byte(forged), bob); !errors.Is(err, ErrSignature) {
		t.Errorf("with another sender: %v", err)
	}
	if _, err := open(resign(t, string(payload), eve, bob), bob); !errors.Is(err, ErrSignature) {
		t.Errorf("signed by another: %v", err)
	}
	other := seal(t, Message{Type: Busy, Call: CallID{1}, Time: sealed}, alice, bob)
	mixed := append(bytes.Clone(other[:len(other)-88]), payload[len(payload)-88:]...)
	if _, err := open(mixed, bob); !errors.Is(err, ErrSignature) {
		t.Errorf("with the signature of another message: %v", err)
	}
	busy := errors.New("no WebCrypto")
	_, err := Open(context.Background(), payload, bob.receiver, func(context.Context, webpush.PublicKey, []byte, []byte) error { return busy })
	if !errors.Is(err, busy) || errors.Is(err, ErrSignature) {
		t.Errorf("a verifier that could not: %v", err)
	}
	// No octet can be changed.
	for i := range payload {
		changed := bytes.Clone(payload)
		changed[i] ^= 1
		if _, err := open(changed, bob); err == nil {
			t.Errorf("octet %d, %q, can be %q", i, payload[i], changed[i])
		}
	}
}

func TestCallID(t *testing.T) {
	id := NewCallID()
	if id == NewCallID() || len(id.String()) != 16 {
		t.Errorf("%s", id)
	}
	if back, err := ParseCallID(id.String()); err != nil || back != id {
		t.Errorf("%v, %v", back, err)
	}
	if id := (CallID{0xfb, 0xff}); id.String() != "-_8AAAAAAAAAAAAA" {
		t.Errorf("%s", id)
	}
	for _, text := range []string{"", "AAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAA+", "AAAAAAAAAAAAAAA\n", "AAAAAAAAAAAAAAAA\n"} {
		if id, err := ParseCallID(text); !errors.Is(err, ErrSyntax) || id != (CallID{}) {
			t.Errorf("%q: %v, %v", text, id, err)
		}
	}
}

// Each of these faults gives its own error.
func TestDropped(t *testing.T) {
	const ring = 45 * time.Second
	alice, bob, eve := newParty(t), newParty(t), newParty(t)
	good := Message{Type: Ringing, Call: CallID{1}, Time: sealed, Round: 1, Description: described(Active)}
	sealedBy := func(from, to party, change func(m *Message)) []byte {
		m := good
		change(&m)
		return seal(t, m, from, to)
	}
	same := func(*Message) {}
	payload := sealedBy(alice, bob, same)
	replaced := func(old, new string) []byte { return []byte(replaceOnce(t, string(payload), old, new)) }
	sent := func(ago time.Duration) []byte {
		return sealedBy(alice, bob, func(m *Message) { m.Time = sealed.Add(-ago) })
	}
	for _, test := range []struct {
		name    string
		payload []byte
		want    error
	}{
		{"none", payload, nil},
		{"sent as early as may be", sent(ring + ClockSkew), nil},
		{"from as far ahead as may be", sent(-ClockSkew), nil},
		{"bad signature", append(bytes.Clone(payload[:len(payload)-88]), strings.Repeat("A", 86)+`"}`...), ErrSignature},
		{"signed by another", resign(t, string(payload), eve, bob), ErrSignature},
		{"wrong receiver", sealedBy(alice, eve, same), ErrSignature},
		{"another round", replaced(`"round":1`, `"round":2`), ErrSignature},
		{"no round", replaced(`"round":1,`, ``), ErrSignature},
		{"another type", replaced(`"ringing"`, `"answer"`), ErrSignature},
		{"another call", replaced(`"AQAA`, `"AgAA`), ErrSignature},
		{"another time", replaced(`"time":1790000000123`, `"time":1790000000124`), ErrSignature},
		{"stale", sent(ring + ClockSkew + time.Millisecond), ErrStale},
		{"future", sent(-ClockSkew - time.Millisecond), ErrFuture},
		{"unknown version", resign(t, string(replaced(`"v":1`, `"v":2`)), alice, bob), ErrVersion},
		{"unknown type", resign(t, string(replaced(`"ringing"`, `"knocking"`)), alice, bob), ErrType},
		{"malformed", payload[:len(payload)-1], ErrSyntax},
		{"too large", append(bytes.Repeat([]byte(" "), MaxPayload), payload...), ErrTooLarge},
	} {
		m, err := open(test.payload, bob)
		if err == nil {
			err = m.Fresh(sealed, ring)
		}
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		for _, other := range []error{ErrSignature, ErrStale, ErrFuture, ErrVersion, ErrType, ErrSyntax, ErrTooLarge} {
			if other != test.want && errors.Is(err, other) {
				t.Errorf("%s: is counted as %v too", test.name, other)
			}
		}
	}
}

func TestFresh(t *testing.T) {
	const ring = 45 * time.Second
	m := Message{Time: sealed}
	for _, test := range []struct {
		age  time.Duration
		want error
	}{
		{-ClockSkew - time.Millisecond, ErrFuture},
		{-ClockSkew, nil},
		{0, nil},
		{ring + ClockSkew, nil},
		{ring + ClockSkew + time.Millisecond, ErrStale},
	} {
		if err := m.Fresh(sealed.Add(test.age), ring); !errors.Is(err, test.want) {
			t.Errorf("%v: %v, want %v", test.age, err, test.want)
		}
	}
	for ms, want := range map[int64]error{1: ErrStale, 1<<63 - 1: ErrFuture} {
		if err := (Message{Time: time.UnixMilli(ms)}).Fresh(sealed, ring); !errors.Is(err, want) {
			t.Errorf("%d ms: %v", ms, err)
		}
	}
}

// An opened message can be sealed again and is the same.
func FuzzOpen(f *testing.F) {
	alice, bob := newParty(f), newParty(f)
	for _, m := range []Message{
		{Type: Offer, Description: described(ActPass), Card: &alice.card},
		{Type: Offer, Description: whole(f, ActPass), Round: 1},
		{Type: Ringing, Description: described(Passive)},
		{Type: Answer, Description: described(Active)},
		{Type: Cancel},
		{Type: Test},
		{Type: CardChanged, Card: &alice.card},
	} {
		m.Call, m.Time = CallID{1}, sealed
		f.Add(seal(f, m, alice, bob))
	}
	anything := func(context.Context, webpush.PublicKey, []byte, []byte) error { return nil }
	f.Fuzz(func(t *testing.T, payload []byte) {
		m, err := Open(context.Background(), payload, bob.receiver, anything)
		if err != nil {
			if !reflect.ValueOf(m).IsZero() {
				t.Fatalf("%v with %+v", err, m)
			}
			return
		}
		m.From = alice.signer.Public()
		if m.Card != nil {
			m.Card.Identity = m.From
		}
		again, err := m.Seal(context.Background(), alice.signer, bob.receiver)
		if errors.Is(err, ErrTooLarge) {
			return // escapes may need more room than what they were read from
		}
		if err != nil {
			t.Fatal(err)
		}
		if back, err := open(again, bob); err != nil || !reflect.DeepEqual(back, m) {
			t.Fatalf("%v\n%+v\n%+v", err, m, back)
		}
	})
}
