package phonebook

import (
	"testing"
	"testing/synctest"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

func newSigner(t testing.TB) webpush.Signer {
	t.Helper()
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	return webpush.NewSigner(key)
}

func newCard(t testing.TB, name string) signaling.Card {
	t.Helper()
	subscription, err := webpush.NewSubscription("https://push.example.net/"+name, newSigner(t).Public().String(), "AAAAAAAAAAAAAAAAAAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return signaling.Card{Subscription: subscription, Identity: newSigner(t).Public(), Name: name}
}

// wait lets time pass in a synctest bubble and waits for the timers that have fired.
func wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
