//go:build js && wasm

package page

import (
	"testing"
	"time"

	"pushcall/call"
	"pushcall/signaling"
)

func TestNames(t *testing.T) {
	bob := signaling.Card{Name: "Bob"}
	for _, test := range []struct {
		call    call.Call
		name    string
		claim   string
		heading string
	}{
		{call.Call{Known: true, Name: "Ada", Remote: bob}, "Ada", "", "Ada is calling"},
		{call.Call{Known: true, Remote: bob}, "Unnamed friend", "", "Unnamed friend is calling"},
		{call.Call{Remote: bob}, "Unknown caller", "They say they are “Bob”.", "Unknown caller"},
		{call.Call{}, "Unknown caller", "", "Unknown caller"},
		{call.Call{Outgoing: true, Remote: bob}, "Bob", "", ""},
		{call.Call{Outgoing: true}, "Your friend", "", ""},
	} {
		if name, claim := nameOf(test.call), claimOf(test.call); name != test.name || claim != test.claim {
			t.Errorf("%+v: %q %q, want %q %q", test.call, name, claim, test.name, test.claim)
		}
		if heading := headingOf(test.call); !test.call.Outgoing && heading != test.heading {
			t.Errorf("%+v: %q, want %q", test.call, heading, test.heading)
		}
	}
}

func TestNameOfRecord(t *testing.T) {
	bob := signaling.Card{Name: "Bob"}
	for _, test := range []struct {
		record call.Record
		known  bool
		name   string
		claim  string
	}{
		{call.Record{Card: bob}, true, "Ada", ""},
		{call.Record{Card: bob}, false, "Unknown caller", "They say they are “Bob”."},
		{call.Record{Missed: true}, false, "Unknown caller", ""},
		{call.Record{Outgoing: true, Card: bob}, false, "Bob", ""},
		{call.Record{Outgoing: true}, false, "Your friend", ""},
	} {
		if name, claim := nameOfRecord(test.record, call.Contact{Name: "Ada"}, test.known); name != test.name || claim != test.claim {
			t.Errorf("%+v: %q %q, want %q %q", test.record, name, claim, test.name, test.claim)
		}
	}
}

func TestWhatBecame(t *testing.T) {
	for _, test := range []struct {
		record call.Record
		want   string
	}{
		{call.Record{Missed: true, Reason: call.NoAnswer}, "Missed"},
		{call.Record{Outgoing: true, Reason: call.NoAnswer}, "Outgoing, no answer"},
		{call.Record{Outgoing: true, Reason: call.Busy}, "Outgoing, busy"},
		{call.Record{Outgoing: true, Reason: call.Undelivered}, "Outgoing, unreachable"},
		{call.Record{Reason: call.Declined}, "Incoming, declined"},
		{call.Record{Reason: call.HungUp, Duration: 754 * time.Second}, "Incoming, 12 min"},
		{call.Record{Reason: call.Network, Duration: 5 * time.Second}, "Incoming, 5 s"},
		{call.Record{Reason: call.Network}, "Incoming, not connected"},
	} {
		if got := whatBecame(test.record); got != test.want {
			t.Errorf("%+v: %q, want %q", test.record, got, test.want)
		}
	}
}

func TestTitle(t *testing.T) {
	for _, test := range []struct {
		caller, word string
		missed       int
		want         string
	}{
		{"", "", 0, "Pushcall"},
		{"", "", 2, "(2) Pushcall"},
		{"", "Connected", 0, "Connected – Pushcall"},
		{"", "Missed call", 1, "(1) Missed call – Pushcall"},
		{"Ada is calling", "Ringing…", 3, "Ada is calling – Pushcall"},
	} {
		if got := title(test.caller, test.word, test.missed); got != test.want {
			t.Errorf("title(%q, %q, %d) = %q, want %q", test.caller, test.word, test.missed, got, test.want)
		}
	}
}
