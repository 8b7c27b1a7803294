package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"pushcall/call"
)

// TestHandOver moves the line between two tabs, with a call that rings.
func TestHandOver(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, first := w.friends("Alice", "Bob")
		second := first.person.open()
		if first.view.elsewhere || !second.view.elsewhere {
			t.Fatal("the line is not in the first tab alone")
		}
		alice.dial(first)
		first.expect(call.Ringing)
		second.UseHere()
		wait(time.Second)
		if !first.view.elsewhere || second.view.elsewhere {
			t.Error("the line is not in the second tab alone")
		}
		second.expect(call.Ringing)
		if s := first.view.last().State; s == call.Ringing {
			t.Error("it rings in the first tab still")
		}
		if len(second.view.contacts) != 1 || second.Line.Card() != first.Line.Card() {
			t.Errorf("the second tab has the contacts %v", second.view.contacts)
		}
		second.answer()
		alice.expect(call.Connected)
		first.UseHere() // which ends a call
		wait(time.Second)
		second.expect(call.Ended)
		alice.expect(call.Ended)
		first.close()
		wait(time.Second)
		if second.view.elsewhere {
			t.Error("the line is in no tab")
		}
	})
}

// TestHandOverLoads has the tab that gets the line know what the one before has saved.
func TestHandOverLoads(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, first := w.friends("Alice", "Bob")
		second := first.person.open()
		settings := first.Preferences.Settings()
		settings.Name, settings.Early, settings.ContactsOnly = "Robert", false, true
		if err := first.Preferences.SetSettings(t.Context(), settings); err != nil {
			t.Fatal(err)
		}
		if _, _, err := first.Announcer.NewNumber(t.Context()); err != nil {
			t.Fatal(err)
		}
		first.talk(alice)
		alice.Conversations.SendText("are you there?")
		wait(time.Second)
		first.crash()
		wait(time.Second)
		if got := second.Preferences.Settings(); got != settings {
			t.Errorf("settings %+v, want %+v", got, settings)
		}
		if second.Line.Card() != first.Line.Card() {
			t.Errorf("card %+v, want %+v", second.Line.Card(), first.Line.Card())
		}
		if second.view.unread[alice.identity()] != 1 || len(second.view.records) != 1 {
			t.Errorf("unread %v, calls %v", second.view.unread, second.view.records)
		}
		second.Conversations.TextsSeen(alice.identity())
		second.Conversations.TextsSeen(alice.identity())
		if wait(time.Second); len(second.view.unread) != 0 || second.store.textsWith(alice.identity())[0].unread {
			t.Error("a text that was seen is unread")
		}
	})
}

// TestManyTabs moves the line among many tabs at once, until one has it.
func TestManyTabs(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		for range 5 {
			bob.person.open()
		}
		for range 3 {
			for _, x := range bob.tabs {
				x.UseHere()
			}
			wait(time.Second)
		}
		alice.dial(bob)
		rings, has := 0, 0
		for _, x := range bob.tabs {
			if x.view.last().State == call.Ringing {
				rings++
			}
			if !x.view.elsewhere {
				has++
			}
		}
		if rings != 1 || has != 1 {
			t.Errorf("it rings in %d tabs, and %d have the line", rings, has)
		}
	})
}

// TestUseHereTwice presses once more than the line needs, which does not take it back
// from the tab that has it next.
func TestUseHereTwice(t *testing.T) {
	for name, press := range map[string]func(first, second *tab){
		"twice":             func(_, second *tab) { second.UseHere(); time.Sleep(2 * time.Millisecond); second.UseHere() },
		"while it is here":  func(_, second *tab) { second.UseHere(); wait(time.Second); second.UseHere() },
		"where it was":      func(first, second *tab) { first.UseHere(); second.UseHere() },
		"in both at a time": func(first, second *tab) { second.UseHere(); first.UseHere(); wait(time.Second); second.UseHere() },
	} {
		run(t, func(t *testing.T, w *world) {
			_, first := w.friends("Alice", "Bob")
			second := first.person.open()
			press(first, second)
			wait(time.Second)
			if second.view.elsewhere || !first.view.elsewhere {
				t.Fatalf("%s: the line is not in the second tab alone", name)
			}
			first.UseHere()
			if wait(time.Second); first.view.elsewhere || !second.view.elsewhere {
				t.Errorf("%s: the line is not in the first tab alone", name)
			}
		})
	}
}

// TestLostWhileLoading takes the line from a tab that has not begun to use it.
func TestLostWhileLoading(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		_, first := w.friends("Alice", "Bob")
		second := first.person.open()
		w.shows = func(x *tab, what any) {
			if what == elsewhere(false) && x == second {
				t.Error("calls are to ring in the second tab, from which the line was taken")
			}
		}
		second.UseHere()
		time.Sleep(3 * time.Millisecond)
		first.UseHere()
		if wait(time.Second); first.view.elsewhere || !second.view.elsewhere {
			t.Error("the line is not in the first tab alone")
		}
		w.shows = func(*tab, any) {} // it is all the same as the tabs are closed
	})
}

// TestRunEnds returns why the line cannot be had, and when its context ends.
func TestRunEnds(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		second := bob.person.open()
		second.cancel() // while it waits for the line
		<-second.done
		bob.cancel()
		<-bob.done
		if !errors.Is(bob.ran, context.Canceled) || !errors.Is(second.ran, context.Canceled) {
			t.Errorf("Run returned %v and %v", bob.ran, second.ran)
		}
	})
}

// TestHandOverAwaitsWrites has the tab that gets the line know what the one before has
// changed in the moment before, and is still saving.
func TestHandOverAwaitsWrites(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, first := w.friends("Alice", "Bob")
		second := first.person.open()
		for i := range 21 {
			if err := first.Contacts.Block(alice.Line.Card().Identity, i%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
		second.UseHere()
		wait(time.Second)
		if contacts := second.view.contacts; len(contacts) != 1 || !contacts[0].Blocked {
			t.Errorf("the second tab has the contacts %v", contacts)
		}
	})
}

// TestHandOverFromFrozenTab has a tab get the line although the one before never says
// that it has saved everything.
func TestHandOverFromFrozenTab(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		_, first := w.friends("Alice", "Bob")
		saved, held := make(chan struct{}), make(chan error)
		go func() { held <- first.HoldStore(t.Context(), saved) }() // once the first tab has saved what it changed
		second := first.person.open()
		wait(time.Second)
		second.UseHere()
		if err := <-held; err != nil {
			t.Fatal(err)
		}
		wait(savingTime / 2)
		if !second.view.elsewhere {
			t.Error("the second tab does not wait")
		}
		wait(savingTime)
		if second.view.elsewhere {
			t.Error("the second tab does not get the line")
		}
		close(saved)
	})
}

// TestHandOverAfterImport has a tab that gets the line load itself anew, once another has
// imported an archive from elsewhere: it would sign with the identity before.
func TestHandOverAfterImport(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, _ := w.friends("Alice", "Bob")
		file, err := alice.Archiver.Export(t.Context(), "a passphrase")
		if err != nil {
			t.Fatal(err)
		}
		first := w.person("Alice's phone").open()
		second := first.person.open()
		archive, _, err := first.Archiver.OpenArchive(t.Context(), "a passphrase", file)
		if err != nil {
			t.Fatal(err)
		}
		if err := second.Archiver.Import(t.Context(), archive); !errors.Is(err, ErrElsewhere) || len(second.store.predecessors) > 0 {
			t.Errorf("in the tab without the line: %v", err)
		}
		if err := first.Archiver.Import(t.Context(), archive); err != nil || first.reloads != 1 {
			t.Fatal(err, first.reloads)
		}
		first.close()
		wait(time.Second)
		if n := second.reloads - 1; n != 1 {
			t.Errorf("the second tab is loaded anew %d times", n)
		}
		second.close()
		third := first.person.open()
		wait(time.Second)
		if n := third.reloads - 2; n > 0 || third.view.elsewhere || third.identity() == second.identity() {
			t.Errorf("the third tab is loaded anew %d times, and is %v", n, third.identity())
		}
	})
}
