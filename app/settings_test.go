package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/internal/config"
	"pushcall/signaling"
)

// TestSettings saves settings, and a later visit has them.
func TestSettings(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		if got := bob.Preferences.Settings(); got != (Settings{RingTone: true, Early: true}) {
			t.Errorf("a first visit has %+v", got)
		}
		for _, s := range []Settings{
			{Name: "Bob", Language: "de"},
			{RingTone: true, Early: true, ContactsOnly: true},
			{ByTalk: true},
			{Name: strings.Repeat("x", 200), Early: true},
		} {
			if err := bob.Preferences.SetSettings(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			s.Name = signaling.CleanName(s.Name)
			if got := bob.Line.Card().Name; got != s.Name {
				t.Errorf("the card has the name %q", got)
			}
			bob.crash()
			bob = bob.person.open()
			if got := bob.Preferences.Settings(); got != s || bob.Line.Card().Name != s.Name {
				t.Errorf("the next visit has %+v, want %+v", got, s)
			}
			if is, _ := bob.Language(); bob.store.settings[settingLanguage] != is {
				t.Errorf("the service worker speaks %q, and the page %q", bob.store.settings[settingLanguage], is)
			}
		}
	})
}

// TestSettingsWhileSaving changes settings while others are being saved: the newest
// are stored.
func TestSettingsWhileSaving(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		for i, name := range []string{"B", "Bo", "Bob"} {
			time.AfterFunc(time.Duration(i)*storeTime, func() {
				_ = bob.Preferences.SetSettings(t.Context(), Settings{Name: name, Early: i%2 == 0})
			})
		}
		wait(time.Second)
		want := Settings{Name: "Bob", Early: true}
		bob.crash()
		if got := bob.person.open().Preferences.Settings(); got != want {
			t.Errorf("stored %+v, want %+v", got, want)
		}
	})
}

// TestSettingsFullDisk uses settings that could not be saved, and says that they were not.
func TestSettingsFullDisk(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		bob.store.change(func() { bob.store.full = true })
		if err := bob.Preferences.SetSettings(t.Context(), Settings{Name: "Bob"}); !errors.Is(err, errFull) {
			t.Errorf("%v", err)
		}
		if bob.Preferences.Settings().Name != "Bob" {
			t.Error("the settings are not used")
		}
	})
}

// TestDamagedStore goes on with what can be read, and says that something cannot.
func TestDamagedStore(t *testing.T) {
	for _, operation := range []string{"Contacts", "Calls", "Strings", "Unread", "Inbox"} {
		run(t, func(t *testing.T, w *world) {
			alice, bob := w.friends("Alice", "Bob")
			bob.crash()
			bob.store.fails = func(o string) error {
				if o == operation {
					return errors.New("test: damaged: " + o)
				}
				return nil
			}
			bob = bob.person.open()
			wait(time.Second)
			lacks := slices.Contains(bob.view.notices, NoticeStoreLacks)
			if lacks != (operation == "Contacts" || operation == "Calls" || operation == "Strings") || len(bob.logs) == 0 {
				t.Errorf("%s: notices %v, log %v", operation, bob.view.notices, bob.logs)
			}
			if operation != "Contacts" { // without them, a friend's offer has no card to answer to
				alice.talk(bob)
				alice.Conversations.SendText("are you well?")
				if wait(time.Second); !slices.Equal(bob.view.read(), []string{"are you well?"}) {
					t.Errorf("%s: Bob reads %q", operation, bob.view.read())
				}
			}
		})
	}
}

// TestUnreadableSettings has no stranger ring, nor a friend see an address early, where it
// cannot be read whether the person wants that, and goes on with what a tab has read before.
func TestUnreadableSettings(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		eve := w.person("Eve").open()
		_, bob := w.friends("Alice", "Bob")
		want := Settings{Name: "Bob", Early: true, Language: "de"}
		if err := bob.Preferences.SetSettings(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		bob.store.fails = func(operation string) error {
			if operation == "Strings" {
				return errors.New("test: damaged")
			}
			return nil
		}
		second := bob.person.open()
		if got := second.Preferences.Settings(); !got.ContactsOnly || got.Early || !got.RingTone || got.Language != want.Language {
			t.Errorf("a new tab has %+v", got)
		}
		second.UseHere()
		wait(time.Second)
		eve.knows(second)
		eve.dial(second)
		wait(time.Second)
		if s := second.view.last().State; s == call.Ringing {
			t.Error("a stranger rings")
		}
		eve.Calls.HangUp()
		bob.UseHere()
		wait(time.Second)
		if got := bob.Preferences.Settings(); got != want || bob.Line.Card().Name != "Bob" {
			t.Errorf("the tab before has %+v and the card of %q", got, bob.Line.Card().Name)
		}
	})
}

// TestServers uses servers of the person's own, and the host's where those are wrong.
func TestServers(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		if bob.Servers.farthest() != signaling.ServerReflexive {
			t.Error("the host's STUN server is not used")
		}
		own := config.Own{Servers: "turn:turn.example", Username: "bob", Credential: "secret", Relay: "https://relay.example/"}
		if err := bob.Servers.SetOwn(t.Context(), own); err != nil {
			t.Fatal(err)
		}
		var field *config.FieldError
		if err := bob.Servers.SetOwn(t.Context(), config.Own{Servers: "http://x"}); !errors.As(err, &field) {
			t.Errorf("%v", err)
		}
		for range 2 {
			if got, host := bob.Servers.Own(); got != own || host.Servers != "stun:stun.example" {
				t.Errorf("own %+v, host %+v", got, host)
			}
			if bob.Servers.farthest() != signaling.Relayed || bob.relays[0].Host != "relay.example" {
				t.Errorf("farthest %v, relays %v", bob.Servers.farthest(), bob.relays)
			}
			bob.crash()
			bob = bob.person.open()
		}
		bob.crash()
		bob.store.settings[settingServers] = "nonsense" // of a version that took it
		bob = bob.person.open()
		if bob.Servers.farthest() != signaling.ServerReflexive || len(bob.logs) != 1 {
			t.Errorf("farthest %v, log %v", bob.Servers.farthest(), bob.logs)
		}
		host := *bob.common.config.Host
		host.ICEServers = nil
		bob.common.config.Host = &host
		if err := bob.Servers.SetOwn(t.Context(), config.Own{}); err != nil || bob.Servers.farthest() != signaling.Host {
			t.Errorf("%v: farthest %v", err, bob.Servers.farthest())
		}
	})
}

// TestConnectionTest reports each way once.
func TestConnectionTest(t *testing.T) {
	refused := &ServerError{URL: "turn:turn.example", Code: 401, Text: "Unauthorized"}
	silent := &ServerError{URL: "turn:turn.example", Code: 701}
	turn := config.Own{Servers: "stun:stun.example\nturn:turn.example", Username: "bob", Credential: "secret"}
	failed := errors.New("test: no peer connection")
	for name, c := range map[string]struct {
		own    config.Own
		gather func(ctx context.Context, e GatherEvents) error
		want   [3]Way // by name
		took   time.Duration
		err    error
	}{
		"all": {turn, func(_ context.Context, e GatherEvents) error {
			if e.Candidate(CandidateHost, "") || e.Candidate(CandidateServerReflexive, "192.0.2.1") || e.Candidate("prflx", "192.0.2.9") || e.Candidate(CandidateHost, "192.0.2.3") {
				return errors.New("test: enough too early")
			}
			if !e.Candidate(CandidateRelay, "192.0.2.2") {
				return errors.New("test: not enough")
			}
			return nil
		}, [3]Way{{WayNetwork, "", nil}, {WayInternet, "192.0.2.1", nil}, {WayTURN, "192.0.2.2", nil}}, 0, nil},
		"no TURN server": {config.Own{}, func(_ context.Context, e GatherEvents) error {
			e.Candidate(CandidateServerReflexive, "192.0.2.1")
			e.Candidate(CandidateHost, "10.0.0.1")
			return nil
		}, [3]Way{{WayNetwork, "10.0.0.1", nil}, {WayInternet, "192.0.2.1", nil}, {WayTURN, "", ErrNoServer}}, 0, nil},
		"refused": {turn, func(ctx context.Context, e GatherEvents) error {
			e.Candidate(CandidateHost, "10.0.0.1")
			e.Failed(silent)
			e.Failed(refused)
			e.Failed(silent)
			<-ctx.Done()
			return ctx.Err()
		}, [3]Way{{WayNetwork, "10.0.0.1", nil}, {WayInternet, "", ErrNothingCame}, {WayTURN, "", refused}}, gatherTime, nil},
		"nothing": {config.Own{}, func(ctx context.Context, e GatherEvents) error { <-ctx.Done(); return ctx.Err() },
			[3]Way{{WayNetwork, "", ErrNothingCame}, {WayInternet, "", ErrNothingCame}, {WayTURN, "", ErrNoServer}}, gatherTime, nil},
		"impossible": {turn, func(context.Context, GatherEvents) error { return failed }, [3]Way{}, 0, failed},
	} {
		run(t, func(t *testing.T, w *world) {
			bob := w.person("Bob").open()
			bob.gathers = c.gather
			var got [3]Way
			reports := 0
			began := time.Now()
			err := bob.Servers.TestConnection(t.Context(), c.own, func(way Way) { got[way.Name] = way; reports++ })
			if !errors.Is(err, c.err) || got != c.want || c.err == nil && reports != 3 || time.Since(began) != c.took {
				t.Errorf("%s: %v in %d reports after %v: %v", name, got, reports, time.Since(began), err)
			}
		})
	}
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		var field *config.FieldError
		if err := bob.Servers.TestConnection(t.Context(), config.Own{Relay: "ftp://x"}, nil); !errors.As(err, &field) {
			t.Errorf("%v", err)
		}
	})
	if got := refused.Error(); got != "turn:turn.example: 401 Unauthorized" || !refused.Refused() || silent.Refused() {
		t.Errorf("%q", got)
	}
}

// TestContactsOnly has a stranger's call not ring, and lists it.
func TestContactsOnly(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.person("Alice").open(), w.person("Bob").open()
		alice.ready()
		bob.ready()
		if err := bob.Preferences.SetSettings(t.Context(), Settings{ContactsOnly: true}); err != nil {
			t.Fatal(err)
		}
		if err := alice.Calls.Dial(t.Context(), string(bob.Line.Card().JSON()), false); err != nil {
			t.Fatal(err)
		}
		wait(time.Second)
		if s := bob.view.last().State; s == call.Ringing {
			t.Errorf("a stranger rings")
		}
	})
}
