//go:build !js

package signaling

import (
	"errors"
	"strings"
	"testing"

	"pushcall/webpush"
)

// chain returns the successions of n moves, and who moved.
func chain(t testing.TB, n int) (Chain, []party) {
	t.Helper()
	var c Chain
	parties := []party{newParty(t)}
	for range n {
		parties = append(parties, newParty(t))
		c = c.Append(succeed(t, parties[len(parties)-2], parties[len(parties)-1]))
	}
	return c, parties
}

func TestChain(t *testing.T) {
	for n := 1; n <= MaxSuccessions+2; n++ {
		c, parties := chain(t, n)
		if err := c.Verify(t.Context(), webpush.Verify); err != nil {
			t.Errorf("%d moves: %v", n, err)
		}
		list := c.Successions()
		if len(list) != min(n, MaxSuccessions) || c.New() != parties[n].signer.Public() || list[0].Old != parties[n-len(list)].signer.Public() {
			t.Errorf("%d moves: a chain of %d", n, len(list))
		}
		text := c.String()
		back, err := ParseChain(text)
		if err != nil || back != c || len(text) != (33+97*len(list))*4/3+min(1, (33+97*len(list))*4%3) {
			t.Errorf("%d moves: %d characters, %v", n, len(text), err)
		}
	}
	if (Chain{}).String() != "" || !(Chain{}).IsZero() || !(Chain{}).New().IsZero() || (Chain{}).Verify(t.Context(), webpush.Verify) != nil {
		t.Error("the zero value says something")
	}
}

// A succession that does not continue a chain begins a new one.
func TestChainAppend(t *testing.T) {
	c, _ := chain(t, 2)
	other, _ := chain(t, 1)
	if got := c.Append(other.Successions()[0]); got != other {
		t.Errorf("%v", got)
	}
}

func TestChainRefused(t *testing.T) {
	c, _ := chain(t, 3)
	forgery := c.Successions()[2]
	forgery.Signature[9] ^= 1
	again := c.Successions()[0]
	again.Signature = c.Successions()[1].Signature
	for name, wrong := range map[string]Chain{
		"the last is forged":   Chain{}.Append(c.Successions()[0]).Append(c.Successions()[1]).Append(forgery),
		"of another's making":  Chain{}.Append(again),
		"the other way around": Chain{}.Append(Succession{Old: c.Successions()[0].New, New: c.Successions()[0].Old, Signature: c.Successions()[0].Signature}),
	} {
		if err := wrong.Verify(t.Context(), webpush.Verify); !errors.Is(err, ErrSuccession) {
			t.Errorf("%s: %v", name, err)
		}
	}
	text := c.String()
	long := text + text[:len(text)-44] // cut at whole octets, and no number of successions
	for name, text := range map[string]string{
		"nothing": "", "short": text[:len(text)-4], "long": long, "too many": strings.Repeat(text, 3), "line": text[:len(text)-1] + "\n",
		"no key": "B" + text[1:], "one identity": text[:44] + text[:44] + text[88:], "an identity alone": text[:44],
	} {
		if got, err := ParseChain(text); !errors.Is(err, ErrSuccession) || !got.IsZero() {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// With a card whose endpoint has 600 octets, the longest chain fits an offer.
func TestChainSize(t *testing.T) {
	c, parties := chain(t, MaxSuccessions)
	last, friend := parties[MaxSuccessions], newParty(t)
	var err error
	last.card.Subscription, err = webpush.NewSubscription("https://push.example.net/"+strings.Repeat("x", 600-25), friend.receiver.String(), "AAAAAAAAAAAAAAAAAAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	m := Message{Type: Offer, Call: NewCallID(), Time: sealed, Card: &last.card, Succeeds: c, Description: described(ActPass)}
	payload := seal(t, m, last, friend)
	if got, err := open(payload, friend); err != nil || got.Succeeds != c {
		t.Errorf("%+v, %v", got.Succeeds, err)
	}
	t.Logf("an offer with %d successions and a long endpoint has %d octets", MaxSuccessions, len(payload))
}

func FuzzParseChain(f *testing.F) {
	for n := 1; n <= 3; n++ {
		c, _ := chain(f, n)
		f.Add(c.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseChain(text)
		if err == nil && c.String() != text {
			t.Fatalf("%q became %q", text, c.String())
		}
	})
}
