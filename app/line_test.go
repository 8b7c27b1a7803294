package app

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/webpush"
)

// TestRepair subscribes anew where the browser has dropped the subscription, and tells
// the friends who have the old card.
func TestRepair(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		if !bob.Line.Wanted() {
			t.Error("a line that rings is not wanted")
		}
		before := bob.Line.Card().Subscription
		bob.drop()
		bob.Line.RequestCheck()
		wait(time.Second)
		now := bob.Line.Card().Subscription
		if now == before || !bob.Line.Rings() || !slices.Contains(bob.view.notices, NoticeLineRepaired) || bob.view.line != nil {
			t.Errorf("subscription %v, notices %v, line %v", now, bob.view.notices, bob.view.line)
		}
		if c, _ := alice.book.Contact(bob.identity()); c.Card.Subscription != now {
			t.Error("Alice was not told")
		}
		told := w.pushed()
		bob.Line.RequestCheck()
		if wait(time.Second); w.pushed() != told {
			t.Errorf("told again: %s", w.pushed())
		}
		alice.talk(bob)
	})
}

// TestRepairFails says why no call can ring, and tells nobody of what is not there.
func TestRepairFails(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		_, bob := w.friends("Alice", "Bob")
		bob.drop()
		refused := errors.New("test: the push service gives none")
		w.change(func() { bob.subscribing = refused })
		bob.Line.RequestCheck()
		if wait(time.Second); !errors.Is(bob.view.line, refused) || w.pushed() != "[]" {
			t.Errorf("line %v, pushed %s", bob.view.line, w.pushed())
		}
		w.change(func() { bob.permission = errDenied })
		bob.Line.RequestCheck()
		if wait(time.Second); !errors.Is(bob.view.line, errDenied) {
			t.Errorf("line %v", bob.view.line)
		}
		if err := bob.Line.Prepare(t.Context()); !errors.Is(err, errDenied) {
			t.Errorf("ready for a call: %v", err)
		}
		w.change(func() { bob.permission, bob.subscribing = nil, nil })
		bob.Line.RequestCheck()
		if wait(time.Second); bob.view.line != nil || !bob.Line.Rings() {
			t.Errorf("line %v", bob.view.line)
		}
	})
}

// TestRepairTellsAgain tells those whom it could not, once the line is checked with
// another subscription.
func TestRepairTellsAgain(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		w.carry = func(push) error { return call.ErrUndelivered }
		bob.drop()
		bob.Line.RequestCheck()
		wait(time.Second)
		w.carry = w.deliver
		bob.crash()
		bob = bob.person.open()
		wait(time.Second)
		if c, _ := alice.book.Contact(bob.identity()); c.Card.Subscription != bob.Line.Card().Subscription {
			t.Error("Alice was not told")
		}
	})
}

// TestUnwanted leaves a browser alone that nobody wants to ring, and gives up a
// subscription that the store does not know.
func TestUnwanted(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob")
		bob.subscription = webpush.Subscription{UAPublic: newSigner(t).Public()}
		bob.key = newSigner(t).Public() // of another identity's time
		first := bob.open()
		if first.view.line != nil || first.Line.Rings() || first.Line.Wanted() || bob.subscription != (webpush.Subscription{}) {
			t.Errorf("line %v, subscription %v", first.view.line, bob.subscription)
		}
		for _, why := range []error{ErrPermissionDenied, ErrNoPush, ErrPermissionDismissed} {
			w.change(func() { bob.permission = why })
			first.Line.RequestCheck()
			if wait(time.Second); errors.Is(first.view.line, why) != CallsOff(why) {
				t.Errorf("%v: line %v", why, first.view.line)
			}
		}
		w.change(func() { bob.permission, bob.answers = errUndecided, errDenied })
		first.Line.RequestCheck()
		if wait(time.Second); first.view.line != nil {
			t.Errorf("line %v", first.view.line)
		}
		if err := first.Line.Subscribe(t.Context()); !errors.Is(err, errDenied) {
			t.Errorf("subscribed: %v", err)
		}
		if _, _, err := first.Announcer.NewNumber(t.Context()); !errors.Is(err, errDenied) {
			t.Errorf("new number: %v", err)
		}
	})
}

// TestNewNumber has the old card ring no more, and the friends have the new one.
func TestNewNumber(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		carol := w.person("Carol").open()
		carol.ready()
		bob.knows(carol)
		bob.person.world.change(func() { delete(w.lines, carol.Line.Card().Subscription.UAPublic) }) // she is gone
		old := bob.Line.Card()
		told, failed, err := bob.Announcer.NewNumber(t.Context())
		if err != nil || told != 1 || failed != 1 {
			t.Errorf("told %d, failed %d: %v", told, failed, err)
		}
		wait(time.Second)
		now := bob.Line.Card()
		if now.Key == old.Key || now.Subscription == old.Subscription || now.Identity != old.Identity {
			t.Errorf("%+v after %+v", now, old)
		}
		if c, _ := alice.book.Contact(bob.identity()); c.Card != now {
			t.Errorf("Alice has %+v", c.Card)
		}
		bob.crash()
		bob = bob.person.open()
		if bob.Line.Card() != now {
			t.Error("the next visit has another card")
		}
	})
}

// TestNewNumberFullDisk leaves the line as it is where there is no room for a key.
func TestNewNumberFullDisk(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		_, bob := w.friends("Alice", "Bob")
		old := bob.Line.Card()
		bob.store.change(func() { bob.store.full = true })
		if _, _, err := bob.Announcer.NewNumber(t.Context()); !errors.Is(err, errFull) {
			t.Errorf("%v", err)
		}
		if bob.Line.Card() != old || bob.person.subscription != old.Subscription {
			t.Error("the line was given up")
		}
	})
}

// TestLineTest sends a message to this browser itself.
func TestLineTest(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		test := func() (legs []Leg, err error) {
			err = bob.LineTest.TestLine(t.Context(), func(l Leg) { legs = append(legs, l) })
			return legs, err
		}
		legs, err := test()
		if err != nil || len(legs) != 4 || legs[3].Name != LegReturn || legs[3].Took < pushTime {
			t.Errorf("%+v, %v", legs, err)
		}
		w.carry = func(push) error { return nil } // it is lost
		if legs, err := test(); err == nil || len(legs) != 4 || legs[3].Took != testTime {
			t.Errorf("%+v, %v", legs, err)
		}
		var held []push
		w.carry = func(m push) error { held = append(held, m); return nil }
		_, _ = test()
		w.carry = func(m push) error { // the one before comes first
			_ = w.deliver(held[0])
			time.AfterFunc(time.Second, func() { _ = w.deliver(m) })
			return nil
		}
		if legs, err := test(); err != nil || legs[3].Took < time.Second {
			t.Errorf("a test before ends this one: %+v, %v", legs, err)
		}
		_ = w.deliver(held[0]) // of a test that nobody waits for
		wait(time.Second)
		_ = w.deliver(held[0])
		wait(time.Second)
		w.carry = func(push) error { return webpush.ErrGone }
		if legs, err := test(); !errors.Is(err, webpush.ErrGone) || len(legs) != 3 {
			t.Errorf("%+v, %v", legs, err)
		}
		w.change(func() { bob.permission = errDenied })
		if legs, err := test(); !errors.Is(err, errDenied) || len(legs) != 1 {
			t.Errorf("%+v, %v", legs, err)
		}
	})
}

// TestSharedKey uses the deployment's key for the line, and stores none.
func TestSharedKey(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		key, err := webpush.GenerateApplicationServerKey()
		if err != nil {
			t.Fatal(err)
		}
		c := *bob.common
		host := *c.config.Host
		host.Key = key
		c.config.Host = &host
		l, err := openLine(t.Context(), &c, map[string]string{settingName: "Bob"})
		if err != nil || l.publicKey() != key.Public() || l.Card().Name != "Bob" {
			t.Errorf("%+v, %v", l, err)
		}
		if !l.Card().Key.IsZero() {
			t.Error("the deployment's key is in the card")
		}
		before := bob.person.subscription
		if err := l.renew(t.Context()); err != nil || l.Card().Subscription == before || l.publicKey() != key.Public() {
			t.Errorf("%v", err)
		}
	})
}
