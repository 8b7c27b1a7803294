package phonebook

import (
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// A browser that takes in an archive makes a fresh identity for it. The archive's
// Successor, whose key is in the file, only signs over to that one: else whoever
// wrote the file would have this browser's identity, too.

// CapTimes takes what lies after now out of an archive: its writer may have
// written any time. A card would not be replaced by a newer one, and a call or a
// text would be listed after all that come.
func (a *Archive) CapTimes(now time.Time) {
	for i := range a.Contacts {
		if c := &a.Contacts[i]; c.CardTime.After(now) {
			c.CardTime = time.Time{}
		}
	}
	for i := range a.Records {
		if r := &a.Records[i]; r.Time.After(now) {
			r.Time = now
		}
	}
	for _, texts := range a.Texts {
		for i := range texts {
			if t := &texts[i]; t.Time.After(now) {
				t.Time = now
			}
		}
	}
}

// Added returns the archive's contacts who are not known yet, each once. What is
// stored of a contact does not change because a file says otherwise.
func (a Archive) Added(known func(webpush.PublicKey) bool) []Contact {
	var added []Contact
	seen := map[webpush.PublicKey]bool{}
	for _, c := range a.Contacts {
		if identity := c.Identity(); !seen[identity] && !known(identity) {
			seen[identity] = true
			added = append(added, c)
		}
	}
	return added
}

// Handover is what leads to the fresh identity of a browser that takes in an
// archive.
type Handover struct {
	SuccessorToOwn, SuccessorToFresh, OwnToFresh signaling.Succession
}

// Moved returns the contacts that were added, and own, who are those of the
// browser that takes in the archive, as they are to be told of the fresh identity.
// One who is in both may know their friend by either identity, so their chain leads
// over both: somebody who moves there and back is lost to nobody.
func (a Archive) Moved(added, own []Contact, h Handover) []Contact {
	inFile := map[webpush.PublicKey]Contact{}
	for _, c := range a.Contacts {
		inFile[c.Identity()] = c
	}
	var all []Contact
	for _, c := range added {
		all = append(all, c.toldOf(a.Succession, h.SuccessorToFresh))
	}
	for _, c := range own {
		if other, both := inFile[c.Identity()]; both && c.Succeeds.IsZero() {
			c.Succeeds = other.Succeeds.Append(a.Succession).Append(h.SuccessorToOwn)
		}
		all = append(all, c.toldOf(h.OwnToFresh))
	}
	return all
}

// toldOf returns the contact as one who is to be told of successions.
func (c Contact) toldOf(successions ...signaling.Succession) Contact {
	for _, s := range successions {
		c.Succeeds = c.Succeeds.Append(s)
	}
	c.Told, c.Heard = "", false
	return c
}
