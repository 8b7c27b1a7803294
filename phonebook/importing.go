package phonebook

import (
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// A browser that imports an archive makes a fresh identity. The archive's Successor,
// whose key is in the file, only signs a succession to the fresh identity. If the
// Successor became this browser's identity, the file's writer would have it, too.

// CapTimes replaces times after now in an archive, since its writer may have written
// any time. With a later one no newer card would replace that of a contact, and a call
// or a text would be listed after all later ones.
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

// Added returns the archive's contacts that are not known yet, each once. An archive
// does not change a contact that is stored already.
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

// Handover holds the successions that a browser signs when it imports an archive: own
// is its identity before, fresh the one after.
type Handover struct {
	SuccessorToOwn, SuccessorToFresh, OwnToFresh signaling.Succession
}

// Moved returns the contacts that were added from the archive, and own, the importing
// browser's contacts, each with the chain that leads from the identity they know to the
// fresh one. A contact in both may know the person by either identity, so their chain has
// both: somebody who moves there and back is lost to nobody.
func (a Archive) Moved(added, own []Contact, h Handover) []Contact {
	inFile := map[webpush.PublicKey]Contact{}
	for _, c := range a.Contacts {
		inFile[c.Identity()] = c
	}
	var all []Contact
	for _, c := range added {
		all = append(all, c.withSuccessions(a.Succession, h.SuccessorToFresh))
	}
	for _, c := range own {
		if other, both := inFile[c.Identity()]; both && c.Succeeds.IsZero() {
			c.Succeeds = other.Succeeds.Append(a.Succession).Append(h.SuccessorToOwn)
		}
		all = append(all, c.withSuccessions(h.OwnToFresh))
	}
	return all
}

// withSuccessions returns the contact with successions appended to its chain, and marked
// as one that has not been told of this phone's card.
func (c Contact) withSuccessions(successions ...signaling.Succession) Contact {
	for _, s := range successions {
		c.Succeeds = c.Succeeds.Append(s)
	}
	c.Told, c.Heard = "", false
	return c
}
