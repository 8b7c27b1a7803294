package app

import "pushcall/call"

// Handset is what the device does for a call, beside the page. What a device lacks, it
// does not do.
type Handset interface {
	// KeepAwake keeps the screen on while the page is visible, or no longer.
	KeepAwake(on bool)
	// Vibrate vibrates as a ring does, or stops.
	Vibrate(on bool)
}

// holding is what the handset does now. The phone's loop owns it.
type holding struct {
	*common
	awake, vibrating bool
}

// follow keeps the screen on during a call, from the first ring on, and vibrates while
// the person is asked to take one. It runs on the phone's loop.
func (h *holding) follow(c call.Call) {
	if awake := c.State != call.Idle && c.State != call.Ended; awake != h.awake {
		h.awake = awake
		h.config.Handset.KeepAwake(awake)
	}
	if vibrating := c.State == call.Ringing && !c.Outgoing; vibrating != h.vibrating {
		h.vibrating = vibrating
		h.config.Handset.Vibrate(vibrating)
	}
}
