package call

import (
	"slices"
	"testing"
	"time"

	"pushcall/signaling"
)

// Firefox breaks off a page's requests before the page goes away, so that the call ends here
// while the page still runs. The friend is told all the same, unless the page stays.
func TestLeaveAfterAPushIsBrokenOff(t *testing.T) {
	nothing := func(*user) {}
	for name, test := range map[string]struct {
		broken []signaling.Type
		callee bool
		end    func(*user)
		stays  time.Duration
		want   string
	}{
		"the offer":                       {[]signaling.Type{signaling.Offer, signaling.Cancel}, false, nothing, 0, "cancel"},
		"the answer":                      {[]signaling.Type{signaling.Answer}, true, nothing, 0, "offer decline"},
		"the cancel":                      {[]signaling.Type{signaling.Cancel}, false, func(u *user) { u.phone.HangUp() }, 0, "offer cancel"},
		"the answer and its decline":      {[]signaling.Type{signaling.Answer, signaling.Decline}, true, func(u *user) { wait(10 * time.Millisecond); u.phone.HangUp() }, 0, "offer decline"},
		"the cancel, and the page stays":  {[]signaling.Type{signaling.Cancel}, false, func(u *user) { u.phone.HangUp() }, RingTime, "offer"},
		"the answer, and the page stays":  {[]signaling.Type{signaling.Answer}, true, nothing, RingTime, "offer cancel"},
		"nothing, and the cancel arrives": {nil, false, func(u *user) { u.phone.HangUp() }, 0, "offer cancel"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				alice, bob := w.user("alice"), w.user("bob")
				bob.auto = false
				leaving := alice
				if test.callee {
					leaving = bob
				}
				breakOff := func(m signaling.Message) error {
					if slices.Contains(test.broken, m.Type) {
						return ErrUndelivered
					}
					return nil
				}
				w.change(func() { leaving.fail = breakOff })
				alice.phone.Dial(bob.card)
				wait(time.Second)
				if test.callee {
					bob.phone.Answer(bob.last().ID)
				}
				test.end(leaving)
				wait(time.Second + test.stays)
				w.change(func() { leaving.fail = nil })
				leaving.hide()
				wait(time.Second)
				if got := w.pushed(); got != test.want {
					t.Errorf("pushed %q, want %q", got, test.want)
				}
				for name, u := range map[string]*user{"Alice": alice, "Bob": bob} {
					if c := u.last(); c.State != Ended && c.State != Idle {
						t.Errorf("%s is %s", name, c.State)
					}
				}
			})
		})
	}
}
