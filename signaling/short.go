package signaling

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"pushcall/webpush"
)

// ErrShortCard is returned for a damaged link or short form of a card. Usually it
// was not copied completely.
var ErrShortCard = errors.New("signaling: damaged card in its short form")

// The short form is base64url of these octets:
//
//	1        version (upper four bits), and which of the optional parts there are
//	33       p256dh, compressed
//	16       auth
//	32       private application server key, optional
//	33       identity, compressed, optional
//	1        beginning of the endpoint: its place in endpointPrefixes
//	…        the rest of the endpoint, as packText writes it
//	…        name, as long as there is something
//	4        of the SHA-256 hash of all before
//
// Each card has exactly one short form, so parsing a short form and writing it
// again gives the same text.
const (
	shortVersion  = 1 << 4
	shortKey      = 1 << 0
	shortIdentity = 1 << 1

	shortAuth   = 16 // RFC 8291, Section 3.2; octets
	shortScalar = 32 // RFC 7518, Section 6.2.2.1; octets
	shortSum    = 4  // ours; octets: enough to notice what was cut or mistyped

	minRun   = 12 // ours; characters of base64url that are worth the two lengths
	minShort = 70 // characters of base64url: no card in its short form has less
)

// CardFragment precedes a card's short form in a link.
const CardFragment = "#card="

// CardScheme precedes it in a URL that opens the installed page (HTML, Section
// 8.9.1.3), which gets the URL percent-encoded.
const (
	CardScheme    = "web+pushcall:"
	escapedScheme = "web%2Bpushcall%3A"
)

// endpointPrefixes are beginnings of endpoints, each written as its index, so their
// order must not change. The first that matches is used; the last matches all.
var endpointPrefixes = [...]string{
	"https://fcm.googleapis.com/fcm/send/",
	"https://updates.push.services.mozilla.com/wpush/v2/",
	"https://web.push.apple.com/",
	"https://wns2-", // and a region, then .notify.windows.com
	"https://fcm.googleapis.com/wp/",
	"https://jmt17.google.com/fcm/send/", // Chromium without Google's keys
	"https://",
	"",
}

// Link returns a link to the page at base that contains the card in its fragment,
// which no server sees.
func (c Card) Link(base string) string {
	base, _, _ = strings.Cut(base, "#")
	return base + CardFragment + c.Short()
}

// Short returns the card's short form, which ParseCard parses. Like the JSON it
// includes the private key with which its reader can ring.
func (c Card) Short() string {
	octets := c.short()
	sum := sha256.Sum256(octets)
	return base64.RawURLEncoding.EncodeToString(append(octets, sum[:shortSum]...))
}

func (c Card) short() []byte {
	b := []byte{shortVersion}
	b = append(b, c.Subscription.UAPublic.Compressed()...)
	b = append(b, c.Subscription.AuthSecret[:]...)
	if !c.Key.IsZero() {
		b[0] |= shortKey
		b = append(b, c.Key.Bytes()...)
	}
	if !c.Identity.IsZero() {
		b[0] |= shortIdentity
		b = append(b, c.Identity.Compressed()...)
	}
	place, rest := splitEndpoint(c.Subscription.Endpoint.String())
	b = packText(append(b, byte(place)), rest)
	return append(b, CleanName(c.Name)...)
}

func splitEndpoint(endpoint string) (place int, rest string) {
	for place, prefix := range endpointPrefixes {
		if rest, found := strings.CutPrefix(endpoint, prefix); found {
			return place, rest
		}
	}
	panic("signaling: internal error: the last prefix fits all")
}

// shortIn finds a card's short form in a text: in a link or a URL of CardScheme among
// other words, or by itself.
func shortIn(text string) (short string, found bool) {
	_, after, isLink := strings.Cut(text, CardFragment)
	if isLink {
		return leadingBase64(strings.TrimPrefix(after, escapedScheme)), true
	}
	if _, after, isURL := strings.Cut(text, CardScheme); isURL {
		return leadingBase64(after), true
	}
	return text, len(text) >= minShort && leadingBase64(text) == text
}

func leadingBase64(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool { return !isBase64(r) })
	if end < 0 {
		return text
	}
	return text[:end]
}

func isBase64(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}

// parseShort parses the text that Short returns.
func parseShort(text string) (Card, error) {
	octets, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(octets) <= shortSum {
		return Card{}, fmt.Errorf("%w: %d characters", ErrShortCard, len(text))
	}
	octets, sum := octets[:len(octets)-shortSum], octets[len(octets)-shortSum:]
	if whole := sha256.Sum256(octets); !bytes.Equal(whole[:shortSum], sum) {
		return Card{}, fmt.Errorf("%w: the sum is not that of %d octets", ErrShortCard, len(octets))
	}
	card, err := cardFromShort(octets)
	if err != nil {
		return Card{}, fmt.Errorf("%w: %w", ErrShortCard, err)
	}
	if !bytes.Equal(card.short(), octets) {
		return Card{}, fmt.Errorf("%w: not in its one form", ErrShortCard)
	}
	return card, nil
}

func cardFromShort(octets []byte) (Card, error) {
	r := shortReader{rest: octets}
	parts := r.octets(1)
	p256dh, auth := r.octets(webpush.CompressedKeySize), r.octets(shortAuth)
	if r.err != nil {
		return Card{}, r.err
	}
	if parts[0]&^(shortKey|shortIdentity) != shortVersion {
		return Card{}, fmt.Errorf("version %d", parts[0]>>4)
	}
	card, encode := Card{}, base64.RawURLEncoding.EncodeToString
	if parts[0]&shortKey != 0 {
		key, err := webpush.ParseApplicationServerKey(encode(r.octets(shortScalar)))
		if err != nil {
			return Card{}, err
		}
		card.Key = key
	}
	if parts[0]&shortIdentity != 0 {
		identity, err := webpush.NewCompressedKey(r.octets(webpush.CompressedKeySize))
		if err != nil {
			return Card{}, err
		}
		card.Identity = identity
	}
	uaPublic, err := webpush.NewCompressedKey(p256dh)
	if err != nil {
		return Card{}, err
	}
	endpoint := r.prefix() + r.text()
	if r.err != nil {
		return Card{}, r.err
	}
	card.Subscription, err = webpush.NewSubscription(endpoint, uaPublic.String(), encode(auth))
	if err != nil {
		return Card{}, err
	}
	if !utf8.Valid(r.rest) {
		return Card{}, errors.New("a name that is not UTF-8")
	}
	card.Name = CleanName(string(r.rest))
	return card, nil
}

// packText appends a text so that its runs of base64url take six bits a character.
// It writes plain runs and runs of base64url in turn, each after its length in
// octets, until the text ends. Fewer than minRun characters of base64url
// count as plain.
func packText(b []byte, text string) []byte {
	for {
		run := leadingBase64(text)
		text = text[len(run):]
		b = binary.AppendUvarint(b, uint64(len(run)))
		padded, _ := base64.RawURLEncoding.DecodeString(run + "AAA"[:-len(run)&3])
		b = append(b, padded[:packedSize(len(run))]...)

		end := nextRun(text)
		b = binary.AppendUvarint(b, uint64(end))
		if end == 0 {
			return b
		}
		b = append(b, text[:end]...)
		text = text[end:]
	}
}

// nextRun returns where the next run of base64url begins, or the text's end.
func nextRun(text string) int {
	for start := 0; start < len(text); {
		if n := len(leadingBase64(text[start:])); n >= minRun {
			return start
		} else if n > 0 {
			start += n
		} else {
			start++
		}
	}
	return len(text)
}

// packedSize returns how many octets n characters of base64url take.
func packedSize(n int) int { return (n*6 + 7) / 8 }

// shortReader reads octets and remembers the first error.
type shortReader struct {
	rest []byte
	err  error
}

var errCut = errors.New("cut short")

func (r *shortReader) octets(n int) []byte {
	if r.err == nil && len(r.rest) < n {
		r.err = errCut
	}
	if r.err != nil {
		return nil
	}
	octets := r.rest[:n]
	r.rest = r.rest[n:]
	return octets
}

func (r *shortReader) prefix() string {
	place := r.octets(1)
	if r.err == nil && int(place[0]) >= len(endpointPrefixes) {
		r.err = fmt.Errorf("endpoint of kind %d", place[0])
	}
	if r.err != nil {
		return ""
	}
	return endpointPrefixes[place[0]]
}

// length reads the length of a run.
func (r *shortReader) length() int {
	n, size := binary.Uvarint(r.rest)
	if r.err == nil && (size <= 0 || n > webpush.MaxEndpoint) {
		r.err = errCut
	}
	if r.err != nil {
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

// text reads a text that packText wrote.
func (r *shortReader) text() string {
	var text strings.Builder
	for {
		n := r.length()
		packed := r.octets(packedSize(n))
		padded := make([]byte, len(packed)+2) // to whole groups of three
		copy(padded, packed)
		run := base64.RawURLEncoding.EncodeToString(padded)
		if r.err != nil {
			return ""
		}
		text.WriteString(run[:n])
		n = r.length()
		text.Write(r.octets(n))
		if n == 0 || text.Len() > webpush.MaxEndpoint {
			return text.String()
		}
	}
}
