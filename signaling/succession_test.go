//go:build !js

package signaling

import (
	"errors"
	"strings"
	"testing"

	"pushcall/webpush"
)

func succeed(t testing.TB, old, new party) Succession {
	t.Helper()
	s, err := Succeed(t.Context(), old.signer, new.signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSuccession(t *testing.T) {
	old, new, other := newParty(t), newParty(t), newParty(t)
	s := succeed(t, old, new)
	if err := s.Verify(t.Context(), webpush.Verify); err != nil {
		t.Error(err)
	}
	turned, stolen, forged := s, s, s
	turned.Old, turned.New = s.New, s.Old
	stolen.New = other.signer.Public()
	forged.Old = other.signer.Public()
	for name, wrong := range map[string]Succession{"turned": turned, "stolen": stolen, "forged": forged, "nothing": {}} {
		if err := wrong.Verify(t.Context(), webpush.Verify); !errors.Is(err, ErrSuccession) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Succeed(t.Context(), old.signer, old.signer.Public()); !errors.Is(err, ErrSuccession) {
		t.Errorf("of oneself: %v", err)
	}
}

// An offer or a card of somebody who has moved says so, and nobody else's does.
func TestSuccessionInMessage(t *testing.T) {
	old, new, friend := newParty(t), newParty(t), newParty(t)
	m := Message{Type: CardChanged, Call: NewCallID(), Time: sealed, Card: &new.card, Succeeds: Chain{}.Append(succeed(t, old, new))}
	payload := seal(t, m, new, friend)
	if got, err := open(payload, friend); err != nil || got.Succeeds != m.Succeeds {
		t.Errorf("%+v, %v", got, err)
	}
	m.Type, m.Description = Offer, described(ActPass)
	offer := seal(t, m, new, friend)
	if got, err := open(offer, friend); err != nil || got.Succeeds != m.Succeeds {
		t.Errorf("%+v, %v", got, err)
	}
	if len(offer) > 1400 {
		t.Errorf("an offer with it has %d octets", len(offer))
	}

	m.Type, m.Description = Answer, described(Active)
	if _, err := m.Seal(t.Context(), new.signer, friend.receiver); !errors.Is(err, ErrSyntax) {
		t.Errorf("in an answer: %v", err)
	}
	if _, err := m.Seal(t.Context(), old.signer, friend.receiver); !errors.Is(err, ErrSyntax) {
		t.Errorf("by the old one: %v", err)
	}
	forged := resign(t, strings.Replace(string(payload), m.Succeeds.String(), Chain{}.Append(succeed(t, friend, new)).String(), 1), new, friend)
	if got, err := open(forged, friend); err != nil || got.Succeeds.Successions()[0].Old != friend.signer.Public() {
		t.Errorf("another that is good: %v", err)
	}
	forgery := m.Succeeds.Successions()[0]
	forgery.Signature[5] ^= 1
	bad := Chain{}.Append(forgery)
	for name, text := range map[string]string{"signature": bad.String(), "new identity": Chain{}.Append(succeed(t, old, friend)).String(), "text": "x"} {
		wrong := resign(t, strings.Replace(string(payload), m.Succeeds.String(), text, 1), new, friend)
		if _, err := open(wrong, friend); !errors.Is(err, ErrSuccession) && !errors.Is(err, ErrSyntax) {
			t.Errorf("wrong %s: %v", name, err)
		}
	}
}
