package call

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// Messages that ring or end a ring carry a declarative notification for user agents that
// support it, and for no others.
func TestDeclared(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		me, friend := w.user("me"), w.user("friend")
		var pushed [][]byte
		config := me.config()
		config.Push = func(_ context.Context, _ signaling.Card, payload []byte, _ webpush.Options) error {
			me.note(func() { pushed = append(pushed, payload) })
			return nil
		}
		phone := newPhone(config)
		defer phone.Close()
		for endpoint, title := range map[string]string{
			"https://web.push.apple.com/x":                          "Incoming call",
			"https://api.push.apple.com/3/x":                        "Incoming call",
			"https://updates.push.services.mozilla.com/wpush/v2/x":  "",
			"https://fcm.googleapis.com/fcm/send/x":                 "",
			"https://wns2-par02p.notify.windows.com/w/?token=x":     "",
			"https://push.apple.com.example/x":                      "",
			"https://push.example.net/declared-by-nobody/apple.com": "",
		} {
			card := friend.card
			var err error
			if card.Subscription.Endpoint, err = webpush.ParseEndpoint(endpoint); err != nil {
				t.Fatal(err)
			}
			pushed = nil
			phone.Dial(card)
			wait(5 * time.Second)
			phone.HangUp()
			wait(time.Second)
			if len(pushed) != 2 {
				t.Fatalf("%s: %d pushes, want an offer and a cancel", endpoint, len(pushed))
			}
			for i, want := range []string{title, map[bool]string{true: "Missed call"}[title != ""]} {
				var message struct {
					Notification struct{ Title, Data string }
				}
				if err := json.Unmarshal(pushed[i], &message); err != nil || message.Notification.Title != want {
					t.Errorf("%s: push %d is titled %q, want %q", endpoint, i, message.Notification.Title, want)
				}
				payload := pushed[i]
				if want != "" {
					payload = []byte(message.Notification.Data)
				}
				if _, err := signaling.Open(t.Context(), payload, card.Subscription.UAPublic, webpush.Verify); err != nil {
					t.Errorf("%s: push %d does not open: %v", endpoint, i, err)
				}
			}
		}
	})
}
