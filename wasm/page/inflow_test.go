//go:build js && wasm

package page

import (
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/internal/loop"
)

// TestInflowKeepsToTheConversation has a text come that waits to be drawn when
// the next conversation begins.
func TestInflowKeepsToTheConversation(t *testing.T) {
	l := loop.New(func(err error) { t.Error(err) })
	defer l.Close()
	var drawn []string
	done := make(chan struct{})
	f := &inflow{loop: l, last: time.Now(), draw: func(texts []call.Text) {
		for _, text := range texts {
			drawn = append(drawn, text.Text)
		}
		if slices.Contains(drawn, "three") {
			close(done)
		}
	}}
	f.add(call.Text{Text: "one"})
	f.add(call.Text{Text: "two"})
	f.cut()
	l.Post(func() { drawn = append(drawn, "next") })
	f.add(call.Text{Text: "three"})
	<-done
	if want := []string{"one", "two", "next", "three"}; !slices.Equal(drawn, want) {
		t.Errorf("drawn %q, want %q", drawn, want)
	}
}

func TestInflowDrawsTheNewest(t *testing.T) {
	l := loop.New(func(err error) { t.Error(err) })
	defer l.Close()
	const sent = 5 * maxBubbles
	drawn := make(chan []call.Text, 1)
	f := &inflow{loop: l, last: time.Now(), draw: func(texts []call.Text) { drawn <- texts }}
	for i := range sent {
		f.add(call.Text{Number: i})
	}
	f.cut()
	texts := <-drawn
	if n := len(texts); n < maxBubbles || n > 2*maxBubbles || texts[n-1].Number != sent-1 {
		t.Errorf("%d are drawn, the last of them %+v", n, texts[n-1])
	}
}
