package app

import (
	"sync"

	"pushcall/call"
)

// Handset is what the device does for a call, beside the page. What a device lacks, it
// does not do.
type Handset interface {
	// KeepAwake keeps the screen on while the page is visible, or no longer.
	KeepAwake(on bool)
	// Vibrate vibrates as a ring does, or stops.
	Vibrate(on bool)
	// AskBeforeLeaving asks the person whether they mean it when they close, leave or
	// reload the page, or no longer.
	AskBeforeLeaving(on bool)
}

// holding is what the handset does now.
type holding struct {
	*common
	awake, vibrating, taken bool // the phone's loop owns them

	mu     sync.Mutex
	losses int // what would be lost with the page: a call, files that are being saved
}

// follow keeps the screen on during a call, from the first ring on, and vibrates while
// the person is asked to take one. Until then the call is not lost with the page: it
// rings on. It runs on the phone's loop.
func (h *holding) follow(c call.Call) {
	live, asked := c.State != call.Idle && c.State != call.Ended, c.State == call.Ringing && !c.Outgoing
	if live != h.awake {
		h.awake = live
		h.config.Handset.KeepAwake(live)
	}
	if asked != h.vibrating {
		h.vibrating = asked
		h.config.Handset.Vibrate(asked)
	}
	if taken := live && !asked; taken != h.taken {
		h.taken = taken
		h.guard(taken)
	}
}

// guard counts one more thing that would be lost with the page, or one less. The browser
// asks while there is one.
func (h *holding) guard(more bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	before := h.losses
	if more {
		h.losses++
	} else {
		h.losses--
	}
	if asks := h.losses > 0; asks != (before > 0) {
		h.config.Handset.AskBeforeLeaving(asks)
	}
}
