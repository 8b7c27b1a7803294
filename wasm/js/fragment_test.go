//go:build js && wasm

package js

import (
	"strings"
	"testing"
	"time"

	"github.com/hack-pad/safejs"
)

// fragment sets that of the page's address, or reads it.
func fragment(t *testing.T, set ...string) string {
	t.Helper()
	location, err := Get("location")
	if err != nil || location.IsUndefined() {
		t.Skip("there is no page here")
	}
	for _, text := range set {
		if err := location.Set("hash", text); err != nil {
			t.Fatal(err)
		}
	}
	text, err := StringOf(location, "hash")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTakeFragment(t *testing.T) {
	fragment(t, "card=abc")
	history, err := safejs.Global().Get("history")
	if err != nil {
		t.Fatal(err)
	}
	before, err := history.Get("length")
	if err != nil {
		t.Fatal(err)
	}
	taken, found, err := TakeFragment("#card=")
	if err != nil || !found || taken != "#card=abc" {
		t.Errorf("%q, %v, %v", taken, found, err)
	}
	if left := fragment(t); left != "" {
		t.Errorf("%q is left", left)
	}
	if after, err := history.Get("length"); err != nil || !after.Equal(before) {
		t.Errorf("the history has grown; error %v", err)
	}
	if _, found, err := TakeFragment("#card="); err != nil || found {
		t.Errorf("it is there again; error %v", err)
	}
	fragment(t, "other")
	if _, found, err := TakeFragment("#card="); err != nil || found || !strings.HasSuffix(fragment(t), "other") {
		t.Errorf("another fragment is left alone; error %v", err)
	}
	fragment(t, "")
}

func TestOnFragment(t *testing.T) {
	fragment(t, "")
	changed := make(chan struct{}, 1)
	undo, err := OnFragment(func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer undo()
	fragment(t, "card=abc")
	select {
	case <-changed:
	case <-time.After(5 * time.Second):
		t.Error("nothing was heard of it")
	}
	fragment(t, "")
}
