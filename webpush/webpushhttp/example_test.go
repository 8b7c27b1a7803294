package webpushhttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"pushcall/webpush"
	"pushcall/webpush/webpushhttp"
)

// The push service is one of this machine here, which has forgotten one of two
// subscriptions. A program leaves out service and its client, and gives nil.
func ExampleSender_Send() {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/forgotten" {
			w.WriteHeader(http.StatusGone)
			return
		}
		fmt.Println("the service got", r.ContentLength, "octets for", r.Header.Get("TTL"), "s")
		w.WriteHeader(http.StatusCreated)
	}))
	defer service.Close()

	key, err := webpush.GenerateApplicationServerKey() // once; keep it, and have browsers subscribe with key.Public()
	if err != nil {
		log.Fatal(err)
	}
	vapid, err := webpush.NewVAPID(webpush.NewSigner(key), "mailto:push@example.com")
	if err != nil {
		log.Fatal(err)
	}
	sender := webpushhttp.New(vapid, service.Client())

	for _, path := range []string{"/known", "/forgotten"} {
		var sub webpush.Subscription // as JSON.stringify(subscription) writes it in a browser
		if err := json.Unmarshal(fmt.Appendf(nil, `{"endpoint":"%s","keys":{
			"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
			"auth":"BTBZMqHH6r4Tts7J_aSIgg"}}`, service.URL+path), &sub); err != nil {
			log.Fatal(err)
		}
		err := sender.Send(context.Background(), sub, []byte(`{"title":"Hello"}`), webpush.Options{TTL: time.Hour})
		if errors.Is(err, webpush.ErrGone) {
			fmt.Println("delete the subscription")
		} else if err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// the service got 359 octets for 3600 s
	// delete the subscription
}
