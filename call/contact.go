package call

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// A Contact is the part of a contact that a phone reads.
type Contact struct {
	Card     signaling.Card // the newest known; its Name is a claim, its Identity is the contact's
	CardTime time.Time      // when they last confirmed it, by their clock; zero for a pasted card
	Name     string         // as this phone's owner calls them
	Blocked  bool           // their calls are dropped

	// Told is the CardDigest of this phone's card that they are known to have,
	// so that an offer need not carry it; "" for none.
	Told string
	// Succeeds proves to them that this phone's identity succeeds the one that they
	// know. It goes with an offer; zero for a contact that knows the present one.
	Succeeds signaling.Chain
}

// CardDigest returns a digest of all that a card says: its endpoint, keys and name.
func CardDigest(card signaling.Card) string {
	sum := sha256.Sum256(card.JSON())
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// A Missed is a call that did not ring here: it arrived during another call or too late,
// or its caller has no leave to ring.
type Missed struct {
	ID       signaling.CallID
	Identity webpush.PublicKey // of the caller
	Card     signaling.Card    // of the caller; zero where none is known
	Time     time.Time         // of the offer, by the caller's clock; never after now
	Declined bool              // the person has declined it while it waited
}
