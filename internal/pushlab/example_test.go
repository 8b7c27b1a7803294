package pushlab_test

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"pushcall/internal/pushlab"
	"pushcall/webpush"
	"pushcall/webpush/webpushhttp"
)

// A user agent subscribes as Firefox does, and gets what an application server
// sends. A Firefox that is started with FirefoxPrefs is such a user agent.
func ExampleStart() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	lab, err := pushlab.Start()
	must(err)
	defer lab.Close()

	key, err := webpush.GenerateApplicationServerKey()
	must(err)
	agent, _, err := websocket.Dial(ctx, lab.FirefoxPrefs()["dom.push.serverURL"].(string),
		&websocket.DialOptions{Subprotocols: []string{"push-notification"}})
	must(err)
	defer agent.CloseNow()
	var answer struct{ PushEndpoint, Data string }
	exchange := func(frame string) {
		if frame != "" {
			must(agent.Write(ctx, websocket.MessageText, []byte(frame)))
		}
		_, text, err := agent.Read(ctx)
		must(err)
		must(json.Unmarshal(text, &answer))
	}
	exchange(`{"messageType":"hello","broadcasts":{},"use_webpush":true}`)
	exchange(`{"messageType":"register","channelID":"c","key":"` + base64.URLEncoding.EncodeToString(key.Public().Bytes()) + `"}`)

	private, err := ecdh.P256().GenerateKey(rand.Reader)
	must(err)
	uaPublic, err := webpush.NewPublicKey(private.PublicKey().Bytes())
	must(err)
	sub, err := webpush.NewSubscription(answer.PushEndpoint, uaPublic.String(), "AAAAAAAAAAAAAAAAAAAAAA")
	must(err)

	vapid, err := webpush.NewVAPID(webpush.NewSigner(key), "mailto:push@example.com")
	must(err)
	must(webpushhttp.New(vapid, http.DefaultClient).Send(ctx, sub, []byte("Hello"), webpush.Options{TTL: time.Minute}))

	exchange("") // the notification
	body, err := base64.RawURLEncoding.DecodeString(answer.Data)
	must(err)
	text, err := webpush.Decrypt(private, sub.AuthSecret, body)
	must(err)
	record := lab.Messages()[0]
	fmt.Printf("%s, by %s with status %d, %d octets\n", text, record.Service, record.Status, record.Octets)
	// Output:
	// Hello, by mozilla with status 201, 359 octets
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
