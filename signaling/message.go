package signaling

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"pushcall/internal/jsonobject"
	"pushcall/webpush"
)

var (
	// ErrTooLarge is returned for a payload above MaxPayload.
	ErrTooLarge = errors.New("signaling: message is too large")

	// ErrSyntax is returned for a payload that Seal would not write, and for a
	// message that lacks a field that its type requires.
	ErrSyntax = errors.New("signaling: malformed message")

	// ErrVersion is returned for a message of another version of this format: the
	// sender has another version of Pushcall.
	ErrVersion = errors.New("signaling: unknown version")

	// ErrType is returned for a message of an unknown type.
	ErrType = errors.New("signaling: unknown type of message")

	// ErrSignature is returned for a message that was changed, was signed for
	// another receiver, or was not signed by its sender.
	ErrSignature = errors.New("signaling: wrong signature")

	// ErrStale is returned for a message that is too old to be acted on.
	ErrStale = errors.New("signaling: message is stale")

	// ErrFuture is returned for a message whose time is later than this clock
	// allows.
	ErrFuture = errors.New("signaling: message is from the future")
)

const (
	// MaxPayload is the largest payload, in octets, that one push message can
	// carry to every browser.
	MaxPayload = webpush.MaxPlaintext

	// ClockSkew is the largest difference of two clocks that Fresh tolerates.
	// Computers that set their clock by the network are within a second; the
	// others drift by a minute in some months.
	ClockSkew = 2 * time.Minute

	version  = 1
	maxRound = 9                      // ours
	maxTime  = 1<<53 - 1              // RFC 8259, Section 6: what all read the same; milliseconds
	domain   = "pushcall message 1\n" // nothing else that the identity signs begins so

	signatureSize   = 64 // RFC 7518, Section 3.4; octets
	signatureText   = 86 // base64url of these
	signatureBefore = `,"signature":"`
	signatureAfter  = `"}`
)

// Type is the purpose of a message.
type Type string

const (
	Offer       Type = "offer"   // calls; has a description
	Ringing     Type = "ringing" // connects while the callee's page rings; has a description
	Answer      Type = "answer"  // accepts the call; has a description
	Decline     Type = "decline" // the callee declines the call
	Busy        Type = "busy"    // the callee is in another call
	Waiting     Type = "waiting" // the callee is in another call, and their person sees this one
	Cancel      Type = "cancel"  // the caller hangs up before the call connects
	CardChanged Type = "card"    // the sender's card has changed; has a card
	Test        Type = "test"    // from a phone to itself, to check that pushes arrive
)

// CallID identifies a call. The topic of its push messages is derived from it, so
// that a newer message replaces an undelivered one.
type CallID [12]byte

// NewCallID returns a random CallID.
func NewCallID() CallID {
	var id CallID
	rand.Read(id[:]) // never fails: crypto/rand
	return id
}

// ParseCallID parses the text that String returns.
func ParseCallID(text string) (CallID, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != len(CallID{}) || len(text) != 16 {
		return CallID{}, fmt.Errorf("%w: call %.20q", ErrSyntax, text)
	}
	return CallID(b), nil
}

// String returns 16 characters of base64url.
func (id CallID) String() string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// A Message is a signed message that one phone sends to another by push.
type Message struct {
	Type Type
	Call CallID
	// Time is when the message was sealed, to the millisecond.
	Time time.Time
	// Round is the number of the offer in its call, from 0: a call that has lost
	// its path makes a new offer. The answer to an offer has the same round.
	Round int
	// From is the sender's identity. Seal uses the signer's if it is zero.
	From webpush.PublicKey
	// Card is the sender's card, for a receiver who may have none or an older one.
	// Its identity is From. An offer may come without a card: a receiver who
	// knows From already has a card to answer to.
	Card *Card
	// Succeeds leads from the sender's earlier identities to From, since the
	// receiver may know the sender by one of these. Only an offer and a changed card
	// have it. Open has verified it.
	Succeeds Chain
	// Description is set in an offer, a ringing and an answer only.
	Description *Description
}

// Seal signs the message for the subscription whose p256dh key is receiver, and
// returns the payload of the push message.
func (m Message) Seal(ctx context.Context, signer webpush.Signer, receiver webpush.PublicKey) ([]byte, error) {
	if m.From.IsZero() {
		m.From = signer.Public()
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if m.From != signer.Public() || m.Card != nil && !m.Card.Identity.IsZero() && m.Card.Identity != m.From {
		return nil, fmt.Errorf("%w: it is not from its signer", ErrSyntax)
	}
	if receiver.IsZero() {
		return nil, fmt.Errorf("%w: no receiver", ErrSyntax)
	}
	payload, err := m.unsigned()
	if err != nil {
		return nil, err
	}
	signature, err := signer.Sign(ctx, signed(payload, receiver))
	if err != nil {
		return nil, fmt.Errorf("sign message: %w", err)
	}
	if len(signature) != signatureSize {
		return nil, fmt.Errorf("%w: signature of %d octets", ErrSyntax, len(signature))
	}
	payload = append(payload, signatureBefore...)
	payload = base64.RawURLEncoding.AppendEncode(payload, signature)
	payload = append(payload, signatureAfter...)
	if len(payload) > MaxPayload {
		return nil, fmt.Errorf("%w: %d octets, the limit is %d", ErrTooLarge, len(payload), MaxPayload)
	}
	return payload, nil
}

// unsigned returns the payload up to its signature: an object not yet closed.
func (m Message) unsigned() ([]byte, error) {
	var b jsonobject.Builder
	b.Int("v", version)
	b.String("type", string(m.Type))
	b.String("call", m.Call.String())
	b.Int("time", m.Time.UnixMilli())
	b.String("from", m.From.String())
	if m.Round != 0 {
		b.Int("round", int64(m.Round))
	}
	if m.Card != nil {
		card := *m.Card
		card.Identity = webpush.PublicKey{}
		b.Raw("card", card.JSON())
	}
	if !m.Succeeds.IsZero() {
		b.String("succeeds", m.Succeeds.String())
	}
	if m.Description != nil {
		text, err := m.Description.MarshalText()
		if err != nil {
			return nil, err
		}
		b.String("description", string(text))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("}")), nil
}

// Open parses a payload that arrived at the subscription whose p256dh key is
// receiver. It checks the syntax and the signatures. It does not check who From
// is, whether the message is fresh, or whether it has arrived before.
func Open(ctx context.Context, payload []byte, receiver webpush.PublicKey, verify webpush.VerifyFunc) (Message, error) {
	if len(payload) > MaxPayload {
		return Message{}, fmt.Errorf("%w: %d octets", ErrTooLarge, len(payload))
	}
	object, err := jsonobject.Parse(payload)
	if err != nil {
		return Message{}, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	if v := object.Int("v"); v != version { // first, since another version may define the other members differently
		return Message{}, fmt.Errorf("%w: %d", ErrVersion, v)
	}
	m, err := messageFrom(object)
	if err != nil {
		return Message{}, err
	}
	unsigned, signature, err := splitSignature(payload)
	if err != nil {
		return Message{}, err
	}
	err = verify(ctx, m.From, signed(unsigned, receiver), signature)
	if errors.Is(err, webpush.ErrSignature) {
		return Message{}, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if err != nil {
		return Message{}, fmt.Errorf("verify message: %w", err)
	}
	if !m.Succeeds.IsZero() {
		if err := m.Succeeds.Verify(ctx, verify); err != nil {
			return Message{}, fmt.Errorf("verify message: %w", err)
		}
	}
	return m, nil
}

func messageFrom(object jsonobject.Object) (Message, error) {
	m := Message{Type: Type(object.String("type")), Time: time.UnixMilli(object.Int("time")).UTC(), Round: int(object.Int("round"))}
	if !m.Type.known() {
		return Message{}, fmt.Errorf("%w: %.20q", ErrType, m.Type)
	}
	var err error
	if m.Call, err = ParseCallID(object.String("call")); err != nil {
		return Message{}, err
	}
	if m.From, err = webpush.ParsePublicKey(object.String("from")); err != nil {
		return Message{}, fmt.Errorf("%w: from: %w", ErrSyntax, err)
	}
	if object.Has("card") {
		card, err := CardOf(object.Object("card"))
		if err != nil {
			return Message{}, fmt.Errorf("%w: %w", ErrSyntax, err)
		}
		if !card.Identity.IsZero() {
			return Message{}, fmt.Errorf("%w: a card with an identity of its own", ErrSyntax)
		}
		card.Identity = m.From
		m.Card = &card
	}
	if object.Has("succeeds") {
		if m.Succeeds, err = ParseChain(object.String("succeeds")); err != nil {
			return Message{}, fmt.Errorf("%w: %w", ErrSyntax, err)
		}
	}
	if object.Has("description") {
		m.Description = new(Description)
		if err := m.Description.UnmarshalText([]byte(object.String("description"))); err != nil {
			return Message{}, fmt.Errorf("%w: %w", ErrSyntax, err)
		}
	}
	return m, m.check()
}

func (t Type) known() bool {
	switch t {
	case Offer, Ringing, Answer, Decline, Busy, Waiting, Cancel, CardChanged, Test:
		return true
	}
	return false
}

// check returns an error unless the message's fields fit its type.
func (m Message) check() error {
	described := m.Type == Offer || m.Type == Ringing || m.Type == Answer
	switch {
	case !m.Type.known():
		return fmt.Errorf("%w: %.20q", ErrType, m.Type)
	case m.Call == CallID{}:
		return fmt.Errorf("%w: no call", ErrSyntax)
	case m.Time.UnixMilli() <= 0 || m.Time.UnixMilli() > maxTime:
		return fmt.Errorf("%w: no time", ErrSyntax)
	case m.Round < 0 || m.Round > maxRound:
		return fmt.Errorf("%w: round %d", ErrSyntax, m.Round)
	case m.Type == CardChanged && m.Card == nil:
		return fmt.Errorf("%w: %s without a card", ErrSyntax, m.Type)
	case !m.Succeeds.IsZero() && (m.Succeeds.New() != m.From || m.Type != Offer && m.Type != CardChanged):
		return fmt.Errorf("%w: %s with a succession of somebody else", ErrSyntax, m.Type)
	case described != (m.Description != nil):
		return fmt.Errorf("%w: %s with a description or without", ErrSyntax, m.Type)
	case described && (m.Type == Offer) != (m.Description.Setup == ActPass): // RFC 8842, Sections 5.2 and 5.3
		return fmt.Errorf("%w: %s with setup %s", ErrSyntax, m.Type, m.Description.Setup)
	}
	return nil
}

// splitSignature splits a payload into its signed part and the signature. The
// payload is a JSON object, so its last octets are the object's last member.
func splitSignature(payload []byte) (unsigned, signature []byte, err error) {
	rest, closed := bytes.CutSuffix(payload, []byte(signatureAfter))
	at := len(rest) - signatureText
	if !closed || at < 0 {
		return nil, nil, fmt.Errorf("%w: no signature at the end", ErrSyntax)
	}
	unsigned, found := bytes.CutSuffix(rest[:at], []byte(signatureBefore))
	signature, err = base64.RawURLEncoding.Strict().DecodeString(string(rest[at:]))
	if !found || err != nil || len(signature) != signatureSize {
		return nil, nil, fmt.Errorf("%w: no signature at the end", ErrSyntax)
	}
	return unsigned, signature, nil
}

// signed returns the octets that the signature of a message covers.
func signed(unsigned []byte, receiver webpush.PublicKey) []byte {
	return append(append([]byte(domain), receiver.Bytes()...), unsigned...)
}

// Fresh returns ErrStale or ErrFuture for a message that must not be acted on at
// the time now. ringTime is how long a message is valid after it was sealed.
func (m Message) Fresh(now time.Time, ringTime time.Duration) error {
	switch age := now.Sub(m.Time); {
	case age < -ClockSkew:
		return fmt.Errorf("%w: by %v", ErrFuture, -age)
	case age > ringTime+ClockSkew:
		return fmt.Errorf("%w: sent %v ago", ErrStale, age)
	}
	return nil
}
