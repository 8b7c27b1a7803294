package call

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// arrivals is the table in signaling/testdata/incoming.json, which explains its fields.
type arrivals struct {
	Descriptions map[string]string
	Cases        []struct {
		Name    string
		State   []string
		First   []arriving
		Message arriving
		Is      string
		Named   bool
		Claims  *string
		Inbox   bool // of the service worker
	}
}

// arriving is a message of the table.
type arriving struct {
	Text        *string
	From        string
	Type        string
	Age         int64 // milliseconds
	Card        map[string]json.RawMessage
	Description *string
	Succeeds    []string
	Succession  string
	Members     map[string]string // JSON
	Size        int               // octets
	Seal        string
}

func readArrivals(t *testing.T) arrivals {
	t.Helper()
	text, err := os.ReadFile("../signaling/testdata/incoming.json")
	if err != nil {
		t.Fatal(err)
	}
	var table arrivals
	if err := json.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	if len(table.Cases) == 0 {
		t.Fatal("the table is empty")
	}
	return table
}

// TestIncoming delivers the messages of the table to a phone. The service worker
// has the same table: see e2e/incoming.test.mjs.
func TestIncoming(t *testing.T) {
	table := readArrivals(t)
	for _, test := range table.Cases {
		t.Run(test.Name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				c := newCallee(w, table.Descriptions, test.State)
				for _, m := range test.First {
					c.deliver(t, m)
				}
				got, remote := c.deliver(t, test.Message)
				if got != test.Is {
					t.Errorf("it comes to %q, want %q; dropped: %v", got, test.Is, c.me.drops)
				}
				if got == "rings" && remote.Known != (test.Named || test.Message.From != "stranger") {
					t.Errorf("it rings as %+v", remote)
				}
				if test.Claims != nil && remote.Remote.Name != *test.Claims {
					t.Errorf("the caller's name is shown as %q, want %q", remote.Remote.Name, *test.Claims)
				}
			})
		})
	}
}

// callee is the receiver of the table's messages.
type callee struct {
	me           *user
	senders      map[string]*user
	descriptions map[string]string
	id           signaling.CallID
}

func newCallee(w *world, descriptions map[string]string, state []string) *callee {
	c := &callee{me: w.user("me"), senders: map[string]*user{}, descriptions: descriptions, id: signaling.CallID{1, 2, 3}}
	for _, name := range []string{"contact", "stranger", "other-stranger", "blocked"} {
		c.senders[name] = w.user(name)
		c.senders[name].note(func() { c.senders[name].away = true })
	}
	c.senders["own"] = c.me
	c.me.auto, c.me.early = false, false
	c.me.knows(c.senders["contact"])
	blocked := c.senders["blocked"].card
	c.me.contacts[blocked.Identity] = Contact{Card: blocked, Blocked: true}
	for _, s := range state {
		switch s {
		case "contactsOnly":
			c.me.contactsOnly = true
		case "listed":
			c.me.calls = append(c.me.calls, Call{ID: c.id, State: Ended})
		case "missed":
			c.me.missed = append(c.me.missed, Missed{ID: c.id})
		case "has called":
			c.me.called = c.senders["stranger"].card
		case "calling":
			c.me.phone.Dial(c.senders["contact"].card)
			wait(time.Second)
			c.id = c.me.last().ID
		default:
			w.t.Errorf("state %q", s)
		}
	}
	return c
}

// deliver delivers a message, and returns its effect as the table names it.
func (c *callee) deliver(t *testing.T, m arriving) (is string, now Call) {
	t.Helper()
	text := c.seal(t, m)
	before, missed, drops, cards := c.me.last(), len(c.me.missed), len(c.me.drops), c.me.cards
	tests := len(c.me.tests)
	c.me.phone.Deliver([]byte(text))
	wait(time.Millisecond)
	now = c.me.last()
	changed := now.State != before.State || now.ID != before.ID
	switch {
	case changed && now.ID == c.id && now.State == Ringing && !now.Outgoing:
		return "rings", now
	case len(c.me.missed) > missed, changed && now.Missed(),
		slices.ContainsFunc(c.me.drops[drops:], func(err error) bool { return errors.Is(err, ErrCancelled) }): // which is listed by then
		return "missed", now
	case c.me.cards > cards, len(c.me.tests) > tests:
		return "glance", now
	case changed && now.Outgoing:
		return "told", now
	}
	return "dropped", now
}

// seal signs a message as package signaling does, valid or not.
func (c *callee) seal(t *testing.T, m arriving) string {
	t.Helper()
	if m.Text != nil {
		return *m.Text
	}
	if m.From == "" {
		m.From = "contact"
	}
	if m.Type == "" {
		m.Type = "offer"
	}
	sender := c.senders[m.From]
	description := "offer"
	if m.Type != "offer" {
		description = ""
	}
	if m.Description != nil {
		description = *m.Description
	}
	var order []string
	members := map[string]string{}
	put := func(name, value string) {
		if _, found := members[name]; !found {
			order = append(order, name)
		}
		members[name] = value
	}
	put("v", "1")
	put("type", quoted(t, m.Type))
	put("call", quoted(t, c.id.String()))
	put("time", strconv.FormatInt(time.Now().UnixMilli()-m.Age, 10))
	put("from", quoted(t, sender.signer.Public().String()))
	if m.Card != nil {
		put("card", cardWith(t, sender.card, m.Card))
	}
	if len(m.Succeeds) > 0 {
		put("succeeds", quoted(t, c.succession(t, m, sender)))
	}
	if description != "" {
		put("description", quoted(t, c.descriptions[description]))
	}
	for name, value := range m.Members {
		put(name, value)
	}
	if m.Size > 0 {
		put("padding", `""`)
	}
	var text strings.Builder
	for _, name := range order {
		text.WriteString("," + quoted(t, name) + ":" + members[name])
	}
	unsigned := "{" + text.String()[1:]
	if m.Size > 0 {
		room := m.Size - len(unsigned) - len(`,"signature":""}`) - 86
		unsigned = strings.TrimSuffix(unsigned, `"`) + strings.Repeat("x", room) + `"`
	}
	return c.sign(t, m.Seal, sender, unsigned)
}

// sign appends a signature to a message, or an invalid one.
func (c *callee) sign(t *testing.T, how string, sender *user, unsigned string) string {
	t.Helper()
	receiver, by := c.me.card.Subscription.UAPublic, sender
	switch how {
	case "other receiver":
		receiver = sender.card.Subscription.UAPublic
	case "other signer":
		by = c.senders["other-stranger"]
	case "other name": // of the sender's key: the last two of its bits say nothing
		from := sender.signer.Public().String()
		last := strings.IndexByte(base64URL, from[len(from)-1])
		unsigned = strings.Replace(unsigned, from, from[:len(from)-1]+base64URL[last+1:last+2], 1)
	}
	signature, err := by.signer.Sign(t.Context(), slices.Concat([]byte("pushcall message 1\n"), receiver.Bytes(), []byte(unsigned)))
	if err != nil {
		t.Fatal(err)
	}
	text := unsigned + `,"signature":"` + base64.RawURLEncoding.EncodeToString(signature) + `"}`
	switch how {
	case "changed":
		return strings.Replace(text, ",", ", ", 1)
	case "none":
		return unsigned + "}"
	case "not last":
		return strings.TrimSuffix(text, "}") + `,"later":1}`
	case "cut":
		return text[:len(text)-9] + `"}`
	}
	return text
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// succession is a succession that leads from somebody to the sender of a message.
func (c *callee) succession(t *testing.T, m arriving, sender *user) string {
	t.Helper()
	var octets []byte
	chain := []*user{}
	for _, name := range m.Succeeds {
		chain = append(chain, c.senders[name])
	}
	chain = append(chain, sender)
	if m.Succession == "of another" {
		chain[len(chain)-1] = c.senders["other-stranger"]
	}
	octets = chain[0].signer.Public().Compressed()
	for i, next := range chain[1:] {
		old := chain[i]
		by := old.signer
		if m.Succession == "forged" {
			by = sender.signer
		}
		signature, err := by.Sign(t.Context(), slices.Concat([]byte("pushcall succession 1\n"), old.signer.Public().Bytes(), next.signer.Public().Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		octets = slices.Concat(octets, next.signer.Public().Compressed(), signature)
	}
	return base64.RawURLEncoding.EncodeToString(octets)
}

// cardWith returns the card of a message with some members replaced.
func cardWith(t *testing.T, card signaling.Card, members map[string]json.RawMessage) string {
	t.Helper()
	card.Identity = webpush.PublicKey{}
	object := map[string]json.RawMessage{}
	if err := json.Unmarshal(card.JSON(), &object); err != nil {
		t.Fatal(err)
	}
	delete(object, "name")
	for name, value := range members {
		object[name] = value
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func quoted(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
