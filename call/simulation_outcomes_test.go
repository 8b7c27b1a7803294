package call

import "slices"

// Outcomes of a side of a call without a Reason.
const (
	none    = "none"    // it never heard of the call, or as of one of those that give way
	missed  = "missed"  // it is listed, and never rang
	yielded = "yielded" // the caller's: it gave way to the friend's call
	gone    = "gone"    // the page was closed while it rang
)

// strictOutcomes has, for each end on the caller's side, the ends that the callee's side may
// have in a schedule without faults, where only messages of both sides may cross.
var strictOutcomes = map[string][]string{
	HungUp.String(): {
		HungUp.String(),
		Declined.String(), // gave up just before the channel opened here, after it did there
	},
	Cancelled.String(): {
		Cancelled.String(),
		missed,            // the cancel came first, or during another call
		none,              // nothing had been pushed yet
		Declined.String(), // both at once
		HungUp.String(),   // the callee answered at the same moment
		Network.String(),  // the channel had just opened there: it was lost, then the cancel came
		NoAnswer.String(), // a contact's call had just taken its place
	},
	Network.String(): {
		Declined.String(), // the same the other way round
	},
	Declined.String(): {
		Declined.String(),
		missed, // the callee was calling too, and gave up
	},
	Busy.String(): {
		missed,
		NoAnswer.String(), // a contact's call took the place of a stranger's that rang
	},
	NoAnswer.String(): {
		NoAnswer.String(),
		Cancelled.String(), // no early connection: the caller's clock comes first, and it pushes a cancel
		Declined.String(),  // at the last moment
		HungUp.String(),    // answered at the last moment
		missed,             // it has waited for the end of another call
	},
	yielded: {
		none,
		missed,             // the one that stood was given up at once
		Declined.String(),  // and then called back, before the caller knew
		Cancelled.String(), // it gave way to a call that was being given up
	},
}

// weakOutcomes has the same for schedules with lost pushes, failing paths and closed pages.
// There a side may end by its own time limit, but it must not report of the other side what
// that has not done.
var weakOutcomes = map[string][]string{
	// A connected side may lose the path, and the message that ends a call may be lost.
	HungUp.String():  {HungUp.String(), Declined.String(), Network.String(), Protocol.String(), NoAnswer.String(), Cancelled.String(), Undelivered.String(), gone},
	Network.String(): {HungUp.String(), Declined.String(), Network.String(), Protocol.String(), NoAnswer.String(), Cancelled.String(), Undelivered.String(), Unreachable.String(), Refused.String(), TooMany.String(), missed, gone},
	// A caller who gives up, or waits in vain, knows nothing of the callee.
	Cancelled.String(): anything,
	NoAnswer.String():  anything,
	yielded:            anything,
	gone:               anything,
	// The friend ended it. Their page may have been closed, or could not go on.
	Declined.String(): {Declined.String(), missed, HungUp.String(), Protocol.String(), Undelivered.String(), NoAnswer.String(), Cancelled.String(), Network.String(), gone},
	// Only a callee in another call sends busy.
	Busy.String(): {missed, NoAnswer.String()},
	// The push service refused the offer, and reported that truly.
	Unreachable.String(): {none},
	Refused.String():     {none},
	TooMany.String():     {none},
	// It may have been delivered all the same; then the cancel ends it, or is lost too.
	Undelivered.String(): anything,
	Protocol.String():    anything,
}

var anything = []string{none, missed, gone, HungUp.String(), Cancelled.String(), Declined.String(), NoAnswer.String(), Unreachable.String(),
	Refused.String(), TooMany.String(), Undelivered.String(), Network.String(), Protocol.String()}

// checkOutcome checks that the ends of a call on its two sides match; s.mu is held.
func (s *simulation) checkOutcome(c *simulatedCall) {
	table := weakOutcomes
	if s.faults.lossless() {
		table = strictOutcomes
	}
	if caller, callee := c.outcome(s); !slices.Contains(table[caller], callee) {
		s.failLocked("%s: the caller says %s, the callee %s", c.name, caller, callee)
	}
}
