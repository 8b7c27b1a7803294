//go:build !js

package call_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"pushcall/call"
	"pushcall/files"
	"pushcall/signaling"
	"pushcall/webpush"
)

// A phone rings at a stranger's offer, and declines it. Nothing of this needs a
// peer connection: a stranger is not shown an address before Answer.
func ExamplePhone_Deliver() {
	mine, theirs := newParty("Ann"), newParty("Bob")
	over := make(chan struct{})
	var phone *call.Phone
	phone = call.New(call.Config{
		Identity:     mine.signer,
		Verify:       webpush.Verify,
		Card:         func() signaling.Card { return mine.card },
		Contact:      func(webpush.PublicKey) (call.Contact, bool) { return call.Contact{}, false },
		CardOf:       func(webpush.PublicKey) (signaling.Card, bool) { return signaling.Card{}, false },
		Logged:       func(signaling.CallID) bool { return false },
		Early:        func() bool { return true },
		ContactsOnly: func() bool { return false },
		Farthest:     func() signaling.CandidateType { return signaling.Host },
		Ready:        func(context.Context) error { return nil },
		NewPeer:      func(call.PeerEvents) (call.Peer, error) { return nil, errors.New("no peers here") },
		Push: func(ctx context.Context, to signaling.Card, payload []byte, _ webpush.Options) error {
			// Here webpushhttp or a fetch would encrypt and send it.
			message, err := signaling.Open(ctx, payload, to.Subscription.UAPublic, webpush.Verify)
			fmt.Println("pushed to", to.Name+":", message.Type)
			return err
		},
		Prepare: func(context.Context, signaling.Card, []byte, webpush.Options) (func() func(), error) {
			return func() func() { return func() {} }, nil
		},
		OnHurry: func(context.Context) {},
		OnCall: func(c call.Call) {
			fmt.Println(c.State, c.Remote.Name, c.Reason)
			switch c.State {
			case call.Ringing:
				phone.Decline(c.ID)
			case call.Ended:
				close(over)
			}
		},
		OnText:    func(call.Text) {},
		OnFile:    func(files.File) {},
		OnQueue:   func(int) {},
		OnMissed:  func(call.Missed) {},
		OnMoved:   func(_, _ webpush.PublicKey) {},
		OnCard:    func(signaling.Message) {},
		OnTest:    func(signaling.CallID) {},
		OnDrop:    func(err error) { fmt.Println("dropped:", err) },
		OnArrived: func(int) {},
		OnUnsent:  func(string) {},
		OnLost:    func(int) {},
	})
	defer phone.Close()

	sdp, err := os.ReadFile("../signaling/testdata/chromium-offer.sdp")
	must(err)
	description, err := signaling.Describe(string(sdp))
	must(err)
	offer := signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID(), Time: time.Now(), Card: &theirs.card, Description: &description}
	payload, err := offer.Seal(context.Background(), theirs.signer, mine.card.Subscription.UAPublic)
	must(err)
	phone.Deliver(payload)
	<-over
	// Output:
	// ringing Bob none
	// ended Bob declined
	// pushed to Bob: decline
}

// A party has a card, and the identity in it.
type party struct {
	signer webpush.Signer
	card   signaling.Card
}

func newParty(name string) party {
	key, err := webpush.GenerateApplicationServerKey()
	must(err)
	subscription, err := webpush.NewSubscription("https://push.example.net/"+name, key.Public().String(), "AAAAAAAAAAAAAAAAAAAAAA")
	must(err)
	signer := webpush.NewSigner(key)
	return party{signer, signaling.Card{Subscription: subscription, Identity: signer.Public(), Name: name}}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
