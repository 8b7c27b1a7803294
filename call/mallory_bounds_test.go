package call

import (
	"strings"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// limit is a burst, and one more in each interval.
type limit struct {
	burst int
	every time.Duration
}

func (l limit) most(since time.Duration) int { return l.burst + int(since/l.every) }

// bounds are the limits of the effects that one contact, or all strangers together, can
// cause unasked.
var bounds = map[string]struct{ contact, strangers limit }{
	"pushes":  {limit{contactPushes, contactPushEvery}, limit{strangerBurst, strangerEvery}},
	"peers":   {limit{contactPushes, contactPushEvery}, limit{0, time.Hour}},
	"rings":   {limit{contactRings, contactRingEvery}, limit{strangerRings, strangerRingEvery}},
	"notices": {limit{contactEntries, contactEntryEvery}, limit{strangerEntries, strangerEntryEvery}},
	"shows":   {limit{ringingSignals + 5, ringingSignalEvery}, limit{ringingSignals + 5, ringingSignalEvery}},
}

const (
	mostTried = maxCandidates + signaling.MaxCandidates // candidates of a peer, before anybody has taken the call
	mostOver  = 100                                     // calls that are remembered
)

// caused counts the effects that a sender has caused on a phone; the zero identity is all
// strangers.
type caused struct {
	what    string
	by      webpush.PublicKey
	contact bool // as they were then
}

// causes counts an effect that a sender causes on a phone; a.mu is held.
func (h *human) causes(what string, by webpush.PublicKey) {
	_, contact := h.kept[by]
	most, since := bounds[what].strangers, time.Since(h.a.begin)
	key := caused{what: what}
	if contact {
		most, key = bounds[what].contact, caused{what, by, true}
	}
	h.counts[key]++
	if n := h.counts[key]; n > most.most(since) {
		h.a.breaks(what, "%d of %s's at %s in %v, a contact's %v", n, h.a.whose(by), h.name, since, contact)
	}
}

// moveCounts moves the counts of a contact to the successor of their identity. If the person
// makes a contact of the old identity again, its counts begin at zero. a.mu is held.
func (h *human) moveCounts(from, to webpush.PublicKey) {
	for what := range bounds {
		before, after := caused{what, from, true}, caused{what, to, true}
		if n, both := h.counts[after]; !both || h.counts[before] < n { // a contact who moves to another one's identity has the bounds of either
			h.counts[after] = h.counts[before]
		}
		delete(h.counts, before)
	}
}

// forgive undoes the counts of a ring that its person has answered; a.mu is held.
func (h *human) forgive(by webpush.PublicKey) {
	for _, what := range []string{"rings", "pushes", "peers"} {
		h.counts[caused{what, by, true}]--
	}
	h.counts[caused{what: "rings"}]--
}

// callSaved is called with the book locked, when a call is listed.
func (h *human) callSaved(c Call) {
	h.a.mu.Lock()
	defer h.a.mu.Unlock()
	if _, contact := h.kept[c.Remote.Identity]; contact && !c.Outgoing {
		h.rows[c.ID] = c.Remote.Identity
	}
}

// checkList checks the list after each call in it. A contact's call may only go where
// that contact has as many as anybody.
func (h *human) checkList() {
	calls := h.book.Calls()
	if len(calls) < MaxListed {
		return
	}
	h.a.mu.Lock()
	defer h.a.mu.Unlock()
	left, strangers := map[webpush.PublicKey]int{}, 0
	there := map[signaling.CallID]bool{}
	for _, row := range calls {
		there[row.ID] = true
		if by, contacts := h.rows[row.ID]; contacts {
			left[by]++
		} else if !row.Outgoing {
			strangers++
		}
	}
	h.a.did("the list is full")
	for id, by := range h.rows {
		if there[id] {
			continue
		}
		delete(h.rows, id)
		if left[by]+1 < strangers {
			h.a.breaks("list", "a call of %s is pushed out of %s's list, %d are left, and %d of strangers", h.a.whose(by), h.name, left[by], strangers)
		}
	}
}

// checkLink checks the descriptions and candidates that the other side has given a peer; a.mu
// is held.
func (h *human) checkLink(s *session) {
	peer := s.link.peer.(*testPeer)
	h.a.world.mu.Lock()
	added, sdp := peer.added, peer.remote.SDP
	h.a.world.mu.Unlock()
	if len(added) > mostTried && !s.accepted {
		h.a.breaks("candidates", "%s tries %d of %s's while it rings", h.name, len(added), h.a.whose(s.remote.Identity))
	}
	for _, c := range added {
		private := strings.Contains(c.Candidate, " 10.") || strings.Contains(c.Candidate, " 192.168.")
		if len(c.Candidate)+len(c.SDPMid) > maxCandidateSize || private && strings.Contains(c.Candidate, " tcp ") {
			h.a.breaks("candidates", "%s takes %.60s, of %d octets", h.name, c.Candidate, len(c.Candidate))
			break
		}
	}
	if len(sdp) > maxDescriptionSize {
		h.a.breaks("descriptions", "%s takes one of %d octets", h.name, len(sdp))
	}
}

// checkHeld checks the number of remembered messages of a contact, or of all strangers; a.mu
// is held.
func (h *human) checkHeld(of *allowance) {
	if len(of.seen) > maxRemembered {
		h.a.breaks("held", "%s remembers %d messages", h.name, len(of.seen))
	}
}
