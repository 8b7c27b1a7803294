//go:build !js

package webpush_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"time"

	"pushcall/webpush"
)

// The subscription comes from the other side's browser, as JSON; whoever makes
// the call keeps the key that the browser subscribed with.
func ExampleNewRequest() {
	var sub webpush.Subscription
	err := json.Unmarshal([]byte(`{
		"endpoint": "https://updates.push.services.mozilla.com/wpush/v2/token",
		"expirationTime": null,
		"keys": {
			"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
			"auth": "BTBZMqHH6r4Tts7J_aSIgg"
		}
	}`), &sub)
	if err != nil {
		log.Fatal(err)
	}
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		log.Fatal(err)
	}
	vapid, err := webpush.NewVAPID(webpush.NewSigner(key), "mailto:push@example.com")
	if err != nil {
		log.Fatal(err)
	}

	request, err := webpush.NewRequest(context.Background(), sub, vapid, []byte(`{"ring":true}`), webpush.Options{
		TTL:     45 * time.Second,
		Urgency: webpush.UrgencyHigh,
		Topic:   "call-1",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(request.Method, request.URL)
	fmt.Println("TTL:", request.Header["TTL"])
	fmt.Println(len(request.Body), "octets")
	// Output:
	// POST https://updates.push.services.mozilla.com/wpush/v2/token
	// TTL: 45
	// 359 octets
}
