//go:build !js

package signaling

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"pushcall/webpush"
)

// bodySize returns what a payload is on the wire, in octets: its size class + 103.
func bodySize(t *testing.T, payload []byte, to party) int {
	t.Helper()
	body, err := webpush.Encrypt(to.card.Subscription, payload)
	if err != nil {
		t.Fatal(err)
	}
	return len(body)
}

// withEndpoint returns the card with an endpoint of so many octets.
func withEndpoint(t *testing.T, card Card, prefix string, size int) *Card {
	t.Helper()
	var err error
	card.Subscription.Endpoint, err = webpush.ParseEndpoint(prefix + strings.Repeat("x", size-len(prefix)))
	if err != nil {
		t.Fatal(err)
	}
	return &card
}

// An offer with six candidates, to a contact and to somebody who has no card of
// the caller's yet: at most 700 and 1,200 octets on the wire.
func TestOfferSize(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	const fcm, mozilla = "https://fcm.googleapis.com/fcm/send/", "https://updates.push.services.mozilla.com/wpush/v2/"
	long := alice.card
	long.Name = strings.Repeat("x", maxName)
	for _, test := range []struct {
		name          string
		card          *Card
		round         int
		payload, body int
	}{
		{"known", nil, 0, 487, 615},
		{"known, after a restart", nil, maxRound, 497, 615},
		{"FCM", withEndpoint(t, alice.card, fcm, 199), 0, 932, 1127},         // a token of 163 characters
		{"Mozilla", withEndpoint(t, alice.card, mozilla, 234), 0, 967, 1127}, // one of 137 octets, as for a subscription with a key
		{"Mozilla, longest name", withEndpoint(t, long, mozilla, 234), 0, 1003, 1127},
		{"the most", withEndpoint(t, long, mozilla, 255), 0, 1024, 1127},
		{"more", withEndpoint(t, long, mozilla, 256), 0, 1025, 1575}, // what a longer endpoint comes to, as Windows has them
	} {
		payload := seal(t, Message{Type: Offer, Call: NewCallID(), Time: sealed, Round: test.round, Card: test.card, Description: described(ActPass)}, alice, bob)
		body := bodySize(t, payload, bob)
		t.Logf("%-22s payload %4d, body %4d octets", test.name, len(payload), body)
		if len(payload) != test.payload || body != test.body {
			t.Errorf("%s: payload of %d octets and body of %d, want %d and %d", test.name, len(payload), body, test.payload, test.body)
		}
	}
}

// The longest that two browsers can come up with is still one push message.
func TestLongestOffer(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	card, d := alice.card, described(ActPass)
	var err error
	card.Subscription.Endpoint, err = webpush.ParseEndpoint("https://x.notify.windows.com/" + strings.Repeat("x", 1024-29))
	if err != nil {
		t.Fatal(err)
	}
	card.Name = strings.Repeat("😀", maxName)
	d.Candidates = nil
	for i := range MaxCandidates {
		d.Candidates = append(d.Candidates, Candidate{MDNS: UUID{1, byte(i)}, Port: 1, Priority: 255})
	}
	payload := seal(t, Message{Type: Offer, Call: NewCallID(), Time: sealed, Card: &card, Description: d}, alice, bob)
	t.Logf("%d octets", len(payload))
}

func TestMaxPayload(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	size := func(path int) (int, error) {
		card := alice.card
		var err error
		if card.Subscription.Endpoint, err = webpush.ParseEndpoint("https://push.example/" + strings.Repeat("x", path)); err != nil {
			t.Fatal(err)
		}
		payload, err := Message{Type: Offer, Call: NewCallID(), Time: sealed, Card: &card, Description: described(ActPass)}.Seal(context.Background(), alice.signer, bob.receiver)
		return len(payload), err
	}
	base, err := size(1)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{MaxPayload - 1, MaxPayload} {
		if got, err := size(1 + want - base); got != want || err != nil {
			t.Errorf("%d octets, %v; want %d", got, err, want)
		}
	}
	if got, err := size(1 + MaxPayload + 1 - base); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d octets, %v", got, err)
	}
	payload := seal(t, Message{Type: Busy, Call: NewCallID(), Time: sealed}, alice, bob)
	for _, n := range []int{MaxPayload, MaxPayload + 1} {
		padded := append(bytes.Repeat([]byte(" "), n-len(payload)), payload...)
		if _, err := open(padded, bob); errors.Is(err, ErrTooLarge) != (n > MaxPayload) {
			t.Errorf("open %d octets: %v", n, err)
		}
	}
}

// What real browsers say of a call with media, which neither form is meant for
// and one of them takes. A message holds it as long as it has no card.
func TestDescribeMedia(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	for name, sdp := range mediaFixtures(t) {
		d, err := Describe(sdp)
		if err != nil || d.SDP() != sdp {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text := roundTripWhole(t, d)
		m := Message{Type: Offer, Call: CallID{1}, Time: sealed, Description: &d}
		if d.Setup != ActPass {
			m.Type = Answer
		}
		payload, err := m.Seal(t.Context(), alice.signer, bob.receiver)
		t.Logf("%-21s %d octets, deflated %d characters, in a payload of %d: %v", name, len(sdp), len(text), len(payload), err)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if back, err := open(payload, bob); err != nil || back.Description.SDP() != sdp {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A message that is too large is no message, whatever in it is.
func TestWholeTooLarge(t *testing.T) {
	alice, bob := newParty(t), newParty(t)
	random := make([]byte, MaxPayload)
	rand.Read(random)
	d, err := Describe(wholeSDP(ActPass) + "i=" + base64.StdEncoding.EncodeToString(random) + "\r\n")
	if err != nil {
		t.Fatal(err)
	}
	m := Message{Type: Offer, Call: CallID{1}, Time: sealed, Description: &d}
	if payload, err := m.Seal(t.Context(), alice.signer, bob.receiver); !errors.Is(err, ErrTooLarge) || payload != nil {
		t.Errorf("%d octets, %v", len(payload), err)
	}
}
