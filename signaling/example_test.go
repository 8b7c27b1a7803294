//go:build !js

package signaling_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

const subscription = `{"endpoint":"https://updates.push.services.mozilla.com/wpush/v2/token","expirationTime":null,"keys":{
	"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}`

// A card may be a plain subscription, JSON with more in it, or a link.
func ExampleParseCard() {
	card, err := signaling.ParseCard(subscription)
	if err != nil {
		log.Fatal(err)
	}
	card.Name = "Ann"
	link := card.Link("https://pushcall.example/")
	again, err := signaling.ParseCard("Call me: " + link)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(again == card, again.Name)
	fmt.Println(again.Subscription.Endpoint.Service().Name)
	// Output:
	// true Ann
	// Mozilla
}

// A message is for one receiver: whoever gets it cannot pass it on.
func ExampleMessage_Seal() {
	ctx := context.Background()
	key, err := webpush.GenerateApplicationServerKey() // any pair of P-256 may be an identity
	if err != nil {
		log.Fatal(err)
	}
	identity := webpush.NewSigner(key)
	ann, err := signaling.ParseCard(subscription)
	if err != nil {
		log.Fatal(err)
	}

	message := signaling.Message{Type: signaling.Cancel, Call: signaling.NewCallID(), Time: time.Now()}
	payload, err := message.Seal(ctx, identity, ann.Subscription.UAPublic)
	if err != nil {
		log.Fatal(err)
	}

	opened, err := signaling.Open(ctx, payload, ann.Subscription.UAPublic, webpush.Verify)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(opened.Type, opened.Call == message.Call, opened.From == identity.Public())

	_, err = signaling.Open(ctx, payload, identity.Public(), webpush.Verify)
	fmt.Println("of somebody else:", errors.Is(err, signaling.ErrSignature))
	// Output:
	// cancel true true
	// of somebody else: true
}
