package call

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"pushcall/signaling"
	"pushcall/webpush"
)

// A Contact is what a phone reads of somebody whom its person knows.
type Contact struct {
	Card     signaling.Card // the newest known; its Name is a claim, its Identity who this is
	CardTime time.Time      // when they said so, by their clock; zero for a card that was pasted
	Name     string         // as this phone's owner calls them
	Blocked  bool           // their calls are dropped

	// Told is the CardDigest of this phone's card that they are known to have,
	// so that an offer need not carry it; "" for none.
	Told string
	// Succeeds is sent to them while this phone's identity is another than they
	// knew its owner by.
	Succeeds signaling.Chain
}

// CardDigest names a card as it is: another endpoint, key or name, another digest.
func CardDigest(card signaling.Card) string {
	sum := sha256.Sum256(card.JSON())
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// A Missed is a call that never rang here: it came during another, or too late.
type Missed struct {
	ID       signaling.CallID
	Identity webpush.PublicKey // of the caller
	Card     signaling.Card    // of the caller; zero where none is known
	Time     time.Time         // when the caller said that they call, by their clock; never after now
}
