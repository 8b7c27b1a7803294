//go:build js && wasm

package page

import (
	"strings"
	"testing"

	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Of who is known, nothing that the link says is shown.
func TestInvitationOfContact(t *testing.T) {
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	link := signaling.Card{Identity: key.Public(), Name: "Mallory’s words"}
	contact := phonebook.Contact{Card: link, Name: "Ada"}
	blocked := contact
	blocked.Blocked = true
	unnamed := contact
	unnamed.Name = ""
	for name, test := range map[string]struct {
		of                   invitation
		heading, claim, says string
	}{
		"known":   {invitation{known: true, contact: contact}, "Ada", "", "They are in your contacts."},
		"unnamed": {invitation{known: true, contact: unnamed}, "Unnamed friend", "", "They are in your contacts."},
		"blocked": {invitation{known: true, contact: blocked}, "Ada", "", "You have blocked Ada. Unblock them in your contacts first."},
		"unknown": {invitation{peopled: true}, "Mallory’s words", "So says the link. The figure is their mark: you will know them by it.", "Press Call"},
	} {
		test.of.card = link
		heading, claim, says := wordsOfInvitation(test.of)
		if heading != test.heading || claim != test.claim || !strings.HasPrefix(says, test.says) {
			t.Errorf("%s: %q, %q, %q", name, heading, claim, says)
		}
	}
}
