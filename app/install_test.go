package app

import (
	"slices"
	"testing"
	"time"
)

// offers returns the offers that a tab shows to install the page.
func (t *tab) offers() []Notice {
	t.view.mu.Lock()
	defer t.view.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(t.view.notices), func(n Notice) bool { return n < NoticeInstall })
}

// talkOnce has a call that is connected and over.
func (t *tab) talkOnce(friend *tab) {
	t.talk(friend)
	t.Calls.HangUp()
	wait(time.Second)
}

// TestInstallOffer offers to install the page after the first good call, once a visit.
func TestInstallOffer(t *testing.T) {
	for how, want := range map[Installing][]Notice{InstallNot: nil, InstallPrompt: {NoticeInstall}, InstallShare: {NoticeInstallShare}, InstallMenu: {NoticeInstallMenu}} {
		run(t, func(t *testing.T, w *world) {
			alice, bob := w.friends("Alice", "Bob")
			w.change(func() { alice.installing = how })
			alice.dial(bob)
			bob.Calls.Decline(bob.view.last().ID)
			if wait(time.Second); len(alice.offers()) > 0 {
				t.Errorf("%v: offered after a call that came to nothing: %v", how, alice.offers())
			}
			alice.talk(bob)
			if len(alice.offers()) > 0 {
				t.Errorf("%v: offered in a call: %v", how, alice.offers())
			}
			bob.Calls.HangUp()
			wait(time.Second)
			alice.talkOnce(bob)
			if got := alice.offers(); !slices.Equal(got, want) {
				t.Errorf("%v: offered %v, want %v", how, got, want)
			}
		})
	}
}

// TestInstallAtOnce offers it at the start where no call rings without it.
func TestInstallAtOnce(t *testing.T) {
	for _, test := range []struct {
		how        Installing
		permission error
		want       int
	}{
		{InstallShare, ErrNoPush, 1}, {InstallShare, nil, 0}, {InstallShare, ErrPermissionDismissed, 0}, {InstallMenu, ErrNoPush, 0}, {InstallNot, ErrNoPush, 0},
	} {
		run(t, func(t *testing.T, w *world) {
			p := w.person("Alice")
			p.installing, p.permission = test.how, test.permission
			if got := p.open().offers(); len(got) != test.want {
				t.Errorf("%+v: offered %v", test, got)
			}
		})
	}
}

// TestInstallDeclined offers it again after a rest, and not for ever.
func TestInstallDeclined(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		w.change(func() { alice.installing = InstallPrompt })
		for i, want := range []int{1, 0, 1, 0, 0} {
			alice.crash()
			alice = alice.person.open()
			alice.talkOnce(bob)
			if got := len(alice.offers()); got != want {
				t.Errorf("visit %d: %d offers, want %d", i, got, want)
			}
			switch {
			case want == 0:
				time.Sleep(declinedRest)
			case i == 0: // in the browser's own question
				if err := alice.Installation.Install(t.Context()); err != nil {
					t.Error(err)
				}
			default:
				if err := alice.Installation.Decline(t.Context()); err != nil {
					t.Error(err)
				}
			}
		}
	})
}

// TestInstallAgreed counts an agreement as no refusal.
func TestInstallAgreed(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, _ := w.friends("Alice", "Bob")
		w.change(func() { alice.installing, alice.agrees = InstallPrompt, true })
		if err := alice.Installation.Install(t.Context()); err != nil {
			t.Error(err)
		}
		if times, _, err := alice.Installation.declined(t.Context()); times != 0 || err != nil {
			t.Errorf("declined %d times, %v", times, err)
		}
	})
}
