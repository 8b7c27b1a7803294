//go:build js && wasm

package page

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/webpush"
)

func TestSayCall(t *testing.T) {
	relay := fmt.Errorf("push offer: %w", browser.ErrRelay)
	wait := fmt.Errorf("push offer: %w", &webpush.TooManyRequestsError{RetryAfter: 100 * time.Second})
	for _, test := range []struct {
		call call.Call
		word string
		part string // of the sentence
	}{
		{call.Call{State: call.Idle}, "Ready", ""},
		{call.Call{State: call.Dialing, Outgoing: true}, "Calling…", "answer"},
		{call.Call{State: call.Connecting}, "Connecting…", ""},
		{call.Call{State: call.Connected}, "Connected", ""},
		{call.Call{State: call.Reconnecting}, "Reconnecting…", "no need to call again"},
		{ended(call.HungUp), "Call ended", ""},
		{ended(call.Cancelled), "Call ended", "You hung up"},
		{call.Call{State: call.Ended, Reason: call.Cancelled}, "Call ended", "Your friend hung up"},
		{ended(call.Declined), "Declined", "did not take"},
		{call.Call{State: call.Ended, Reason: call.Declined}, "Call ended", "You hung up"},
		{ended(call.Busy), "Busy", "another call"},
		{ended(call.NoAnswer), "No answer", "45 seconds"},
		{ended(call.Unreachable), "Unreachable", "Ask for a new card"},
		{ended(call.Refused), "Unreachable", "Ask for a new one"},
		{ended(call.TooMany), "Unreachable", "in a few minutes"},
		{call.Call{State: call.Ended, Reason: call.TooMany, Err: wait}, "Unreachable", "in 2 minutes"},
		{ended(call.Undelivered), "Unreachable", "push service cannot be reached"},
		{call.Call{State: call.Ended, Reason: call.Undelivered, Err: relay}, "Unreachable", "relay"},
		{call.Call{State: call.Ended, Reason: call.Undelivered, Err: webpush.ErrUnavailable}, "Unreachable", "out of order"},
		{ended(call.Network), "Call ended", "no way to each other"},
		{call.Call{State: call.Ended, Reason: call.Network, Since: time.Unix(1, 0)}, "Call ended", "was lost"},
		{ended(call.Protocol), "Call ended", "reload"},
	} {
		said := sayCall(test.call)
		if said.word != test.word || !strings.Contains(said.sentence, test.part) {
			t.Errorf("%v, %v: %q %q, want %q with %q", test.call.State, test.call.Reason, said.word, said.sentence, test.word, test.part)
		}
		if test.part == "" && said.sentence != "" {
			t.Errorf("%v, %v: %q, want no sentence", test.call.State, test.call.Reason, said.sentence)
		}
		if test.part != "" {
			plain(t, said.sentence)
		}
		if said.cause != test.call.Err {
			t.Errorf("%v, %v: cause %v", test.call.State, test.call.Reason, said.cause)
		}
	}
}

func ended(reason call.Reason) call.Call {
	return call.Call{State: call.Ended, Outgoing: true, Reason: reason}
}

func TestSayRefused(t *testing.T) {
	seen := map[string]bool{}
	for _, err := range []error{browser.ErrPermissionDenied, browser.ErrPermissionDismissed, browser.ErrNoPush, browser.ErrSubscribe, errUnforeseen} {
		said := sayRefused(fmt.Errorf("prepare: %w", err))
		plain(t, said.sentence)
		if seen[said.sentence] {
			t.Errorf("%v: %q was said of another", err, said.sentence)
		}
		seen[said.sentence] = true
	}
}

func TestSentenceOfDial(t *testing.T) {
	seen := map[string]bool{}
	for _, err := range []error{signaling.ErrNotJSON, signaling.ErrNotSubscription, signaling.ErrIdentity, ErrOwnSubscription, browser.ErrNoKey, errUnforeseen} {
		sentence := sentenceOfDial(fmt.Errorf("dial: %w", err))
		plain(t, sentence)
		if seen[sentence] {
			t.Errorf("%v: %q was said of another", err, sentence)
		}
		seen[sentence] = true
	}
}

// errUnforeseen stands for what the page has no sentence of its own for.
var errUnforeseen = errors.New("unforeseen")

// plain checks that a sentence is one for people.
func plain(t *testing.T, sentence string) {
	t.Helper()
	if !strings.HasSuffix(sentence, ".") || len(sentence) > 130 {
		t.Errorf("%q is no short sentence", sentence)
	}
	for _, jargon := range []string{"error", "JSON", "VAPID", "ICE", "endpoint", "status", "invalid", "failed", "unforeseen"} {
		if strings.Contains(sentence, jargon) {
			t.Errorf("%q says %q", sentence, jargon)
		}
	}
}

func TestRough(t *testing.T) {
	for _, test := range []struct {
		d    time.Duration
		want string
	}{
		{0, "a second"}, {time.Second, "a second"}, {1100 * time.Millisecond, "2 seconds"}, {59 * time.Second, "59 seconds"},
		{time.Minute, "a minute"}, {61 * time.Second, "2 minutes"}, {59*time.Minute + 1, "60 minutes"},
		{time.Hour, "an hour"}, {time.Hour + 1, "2 hours"}, {28 * 24 * time.Hour, "672 hours"},
	} {
		if got := rough(test.d); got != test.want {
			t.Errorf("rough(%v) = %q, want %q", test.d, got, test.want)
		}
	}
}

func TestClock(t *testing.T) {
	for _, test := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0:00"}, {7900 * time.Millisecond, "0:07"}, {59*time.Minute + 59*time.Second, "59:59"}, {time.Hour, "1:00:00"}, {26*time.Hour + 61*time.Second, "26:01:01"},
	} {
		if got := clock(test.d); got != test.want {
			t.Errorf("clock(%v) = %q, want %q", test.d, got, test.want)
		}
	}
}
