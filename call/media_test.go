package call

import (
	"testing"
	"time"
)

// flowing returns the number of a user's peers that carry voice and video.
func (u *user) flowing() int {
	u.world.mu.Lock()
	defer u.world.mu.Unlock()
	n := 0
	for ufrag, p := range u.world.peers {
		if p.user == u && p.ufrag == ufrag && p.flows() {
			n++
		}
	}
	return n
}

// offered reports whether media was ever in a description of a user's peers.
func (u *user) offered() bool {
	u.world.mu.Lock()
	defer u.world.mu.Unlock()
	for _, p := range u.world.peers {
		if p.user == u && (p.media || hasMedia(p.local)) {
			return true
		}
	}
	return false
}

// While a contact's call rings, the peers are connected and media waits for the answer. The
// callee knows before whether the caller would send video.
func TestMediaWaitsForTheAnswer(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		bob.knows(alice)
		bob.auto = false
		alice.phone.SetMedia(Media{Microphone: true, Camera: true})
		alice.phone.Dial(bob.card)
		wait(5 * time.Second)
		bob.expect(Ringing, NoReason)
		if alice.offered() || bob.offered() {
			t.Error("media is offered while it rings")
		}
		if got, want := bob.last().Theirs, (Media{Microphone: true, Camera: true}); got != want {
			t.Errorf("while it rings bob sees %+v, want %+v", got, want)
		}
		bob.phone.Answer(bob.last().ID)
		wait(time.Second)
		alice.expect(Connected, NoReason)
		if alice.flowing() != 1 || bob.flowing() != 1 {
			t.Errorf("media flows at %d and %d", alice.flowing(), bob.flowing())
		}
	})
}

// A caller drops media that a callee offers in-band before their person has answered, as it
// drops any description.
func TestMediaOfferedTooEarly(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		bob.knows(alice)
		bob.auto = false
		alice.phone.Dial(bob.card)
		wait(5 * time.Second)
		for _, u := range []*user{alice, bob} {
			u.phone.loop.Post(func() {
				if err := u.phone.session.link.peer.AddMedia(); err != nil {
					t.Error(err)
				}
			})
			wait(time.Second)
		}
		if alice.flowing()+bob.flowing() != 0 || len(alice.drops)+len(bob.drops) == 0 {
			t.Errorf("media flows at %d and %d; dropped: %v %v", alice.flowing(), bob.flowing(), alice.drops, bob.drops)
		}
	})
}

// A side announces its media when they change and again over a new link. Media are
// negotiated over the new link without another request.
func TestMediaAfterReconnect(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		alice, bob := w.user("alice"), w.user("bob")
		alice.phone.Dial(bob.card)
		wait(time.Second)
		bob.phone.SetMedia(Media{Screen: true})
		wait(time.Second)
		if got, want := alice.last().Theirs, (Media{Screen: true}); got != want {
			t.Errorf("alice sees %+v, want %+v", got, want)
		}
		w.kill()
		wait(time.Second)
		bob.phone.SetMedia(Media{Microphone: true}) // into the void
		wait(10 * time.Second)
		alice.expect(Connected, NoReason)
		bob.expect(Connected, NoReason)
		if got, want := alice.last().Theirs, (Media{Microphone: true}); got != want {
			t.Errorf("alice sees %+v, want %+v", got, want)
		}
		if alice.flowing() != 1 || bob.flowing() != 1 {
			t.Errorf("media flows at %d and %d", alice.flowing(), bob.flowing())
		}
	})
}
