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
	"pushcall/signaling"
	"pushcall/webpush"
)

// A phone rings at a stranger's offer, and declines it. Nothing of this needs a
// peer connection: a stranger is not shown an address before Answer.
func ExamplePhone_Deliver() {
	mine, theirs := newParty("Ann"), newParty("Bob")
	rings, over := make(chan signaling.CallID, 1), make(chan struct{})
	phone, err := call.New(call.Config{
		Identity: mine.signer,
		Verify:   webpush.Verify,
		Card:     func() signaling.Card { return mine.card },
		NewPeer:  func(call.PeerEvents) (call.Peer, error) { return nil, errors.New("no peers here") },
		Directory: call.Directory{
			Contact: func(webpush.PublicKey) (call.Contact, bool) { return call.Contact{}, false },
			CardOf:  func(webpush.PublicKey) (signaling.Card, bool) { return signaling.Card{}, false },
			Logged:  func(signaling.CallID) bool { return false },
		},
		Sender: call.Sender{
			Push: func(ctx context.Context, to signaling.Card, payload []byte, _ webpush.Options) error {
				// Here webpushhttp or a fetch would encrypt and send it.
				message, err := signaling.Open(ctx, payload, to.Subscription.UAPublic, webpush.Verify)
				fmt.Println("pushed to", to.Name+":", message.Type)
				return err
			},
		},
		Events: call.Events{
			OnCall: func(c call.Call) {
				fmt.Println(c.State, c.Remote.Name, c.Reason)
				switch c.State {
				case call.Ringing:
					rings <- c.ID
				case call.Ended:
					close(over)
				}
			},
			OnDrop: func(err error) { fmt.Println("dropped:", err) },
		},
	})
	must(err)
	defer phone.Close()

	sdp, err := os.ReadFile("../signaling/testdata/chromium-offer.sdp")
	must(err)
	description, err := signaling.Describe(string(sdp))
	must(err)
	offer := signaling.Message{Type: signaling.Offer, Call: signaling.NewCallID(), Time: time.Now(), Card: &theirs.card, Description: &description}
	payload, err := offer.Seal(context.Background(), theirs.signer, mine.card.Subscription.UAPublic)
	must(err)
	phone.Deliver(payload)
	phone.Decline(<-rings)
	<-over
	// The call has ended here at once, whenever the decline message is pushed.

	// Unordered output:
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
