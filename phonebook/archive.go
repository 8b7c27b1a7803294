package phonebook

import (
	"bytes"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"pushcall/call"
	"pushcall/internal/jsonobject"
	"pushcall/signaling"
	"pushcall/webpush"
)

var (
	// ErrArchive is returned for what is not an archive, or a damaged one.
	ErrArchive = errors.New("phonebook: not an archive")

	// ErrArchiveVersion is returned for an archive of a later Pushcall.
	ErrArchiveVersion = errors.New("phonebook: archive of an unknown version")
)

const archiveVersion = 1

// An Archive is what moves from one browser to another, or is kept as a copy:
// the contacts, the calls, what was written, and a new identity for whoever
// reads it.
//
// The identity's own key cannot leave its browser. So whoever writes an archive
// makes another, the Successor, and has the identity sign it over. The browser
// that reads the archive has the Successor sign over to a fresh identity of its
// own, and shows each contact both signatures: their lists follow. Whoever has
// the archive and its passphrase can do so; it works once, since who has followed
// does not know the old identity any more.
//
// As text it is a JSON object.
type Archive struct {
	Name       string                       // of the owner
	Successor  webpush.ApplicationServerKey // a key pair that becomes an identity
	Succession signaling.Succession         // from the identity that wrote the archive to Successor
	Contacts   []Contact
	Records    []Record
	Texts      map[webpush.PublicKey][]call.Text // with each contact, the oldest first
}

// MarshalText returns the archive's JSON. It is secret.
func (a Archive) MarshalText() ([]byte, error) {
	var contacts, records, texts [][]byte
	for _, c := range a.Contacts {
		contacts = append(contacts, archivedContact(c))
		for _, t := range a.Texts[c.Identity()] {
			texts = append(texts, archivedText(c.Identity(), t))
		}
	}
	for _, r := range a.Records {
		records = append(records, archivedRecord(r))
	}
	successor, err := a.Successor.MarshalText()
	if err != nil {
		return nil, err
	}
	var b jsonobject.Builder
	b.Int("v", archiveVersion).String("name", a.Name)
	b.String("successor", string(successor)).String("succession", signaling.Chain{}.Append(a.Succession).String())
	b.Raw("contacts", list(contacts)).Raw("calls", list(records)).Raw("messages", list(texts))
	return b.Bytes(), nil
}

func list(items [][]byte) []byte {
	return append(append([]byte("["), bytes.Join(items, []byte(","))...), ']')
}

// What is false, and a time that is zero, is left out.

func archivedContact(c Contact) []byte {
	var b jsonobject.Builder
	b.String("card", string(c.Card.JSON())).String("name", c.Name)
	number(&b, "cardTime", call.Milliseconds(c.CardTime))
	truth(&b, "blocked", c.Blocked)
	truth(&b, "moved", c.Moved)
	if !c.Succeeds.IsZero() {
		b.String("succeeds", c.Succeeds.String())
	}
	return b.Bytes()
}

func archivedRecord(r Record) []byte {
	var b jsonobject.Builder
	b.String("id", r.ID.String())
	if !r.Identity.IsZero() {
		b.String("identity", r.Identity.String())
	}
	if r.Card != (signaling.Card{}) {
		b.String("card", string(r.Card.JSON()))
	}
	number(&b, "time", call.Milliseconds(r.Time))
	number(&b, "duration", r.Duration.Milliseconds())
	number(&b, "reason", int64(r.Reason))
	truth(&b, "outgoing", r.Outgoing)
	truth(&b, "missed", r.Missed)
	truth(&b, "seen", r.Seen)
	return b.Bytes()
}

func archivedText(with webpush.PublicKey, t call.Text) []byte {
	var b jsonobject.Builder
	b.String("with", with.String()).String("text", t.Text)
	number(&b, "time", call.Milliseconds(t.Time))
	truth(&b, "mine", t.Mine)
	truth(&b, "arrived", t.Arrived)
	if t.ID != "" {
		b.String("id", t.ID)
	}
	return b.Bytes()
}

func number(b *jsonobject.Builder, name string, n int64) {
	if n != 0 {
		b.Int(name, n)
	}
}

func truth(b *jsonobject.Builder, name string, is bool) {
	if is {
		b.Int(name, 1)
	}
}

// ParseArchive reads what MarshalText returns. The succession's signature is
// not checked: see Succession.Verify.
func ParseArchive(text []byte) (Archive, error) {
	object, err := jsonobject.Parse(text)
	if err != nil {
		return Archive{}, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	if v := object.Int("v"); v != archiveVersion {
		return Archive{}, fmt.Errorf("%w: %d", ErrArchiveVersion, v)
	}
	a := Archive{Name: signaling.CleanName(object.String("name"))}
	if a.Successor, err = webpush.ParseApplicationServerKey(object.String("successor")); err != nil {
		return Archive{}, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	succession, err := signaling.ParseChain(object.String("succession"))
	if err != nil {
		return Archive{}, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	moves := succession.Successions()
	a.Succession = moves[0]
	if len(moves) > 1 || a.Succession.New != a.Successor.Public() {
		return Archive{}, fmt.Errorf("%w: the successor is another", ErrArchive)
	}
	for _, o := range object.Objects("contacts") {
		c, err := contactFrom(o)
		if err != nil {
			return Archive{}, fmt.Errorf("%w: a contact: %w", ErrArchive, err)
		}
		a.Contacts = append(a.Contacts, c)
	}
	for _, o := range object.Objects("calls") {
		r, err := recordFrom(o)
		if err != nil {
			return Archive{}, fmt.Errorf("%w: a call: %w", ErrArchive, err)
		}
		a.Records = append(a.Records, r)
	}
	for _, o := range object.Objects("messages") {
		with, t, err := textFrom(o)
		if err != nil {
			return Archive{}, fmt.Errorf("%w: a message: %w", ErrArchive, err)
		}
		if a.Texts == nil {
			a.Texts = map[webpush.PublicKey][]call.Text{}
		}
		a.Texts[with] = append(a.Texts[with], t)
	}
	return a, nil
}

func textFrom(o jsonobject.Object) (with webpush.PublicKey, t call.Text, err error) {
	if with, err = webpush.ParsePublicKey(o.String("with")); err != nil {
		return webpush.PublicKey{}, call.Text{}, err
	}
	t = call.Text{Text: o.String("text"), Time: call.TimeOf(o.Int("time")), Mine: o.Has("mine"), Arrived: o.Has("arrived"), ID: o.String("id")}
	if t.Text == "" || len(t.Text) > call.MaxText || !utf8.ValidString(t.Text) {
		return webpush.PublicKey{}, call.Text{}, call.ErrTextTooLong
	}
	return with, t, nil
}

func contactFrom(o jsonobject.Object) (Contact, error) {
	card, err := signaling.ParseCard(o.String("card"))
	if err != nil {
		return Contact{}, err
	}
	if card.Identity.IsZero() {
		return Contact{}, errors.New("without an identity")
	}
	var succeeds signaling.Chain
	if o.Has("succeeds") {
		if succeeds, err = signaling.ParseChain(o.String("succeeds")); err != nil {
			return Contact{}, err
		}
	}
	return Contact{
		Card: card, CardTime: call.TimeOf(o.Int("cardTime")), Name: signaling.CleanName(o.String("name")),
		Blocked: o.Has("blocked"), Moved: o.Has("moved"), Succeeds: succeeds,
	}, nil
}

func recordFrom(o jsonobject.Object) (Record, error) {
	r := Record{
		Time: call.TimeOf(o.Int("time")), Duration: time.Duration(o.Int("duration")) * time.Millisecond,
		Outgoing: o.Has("outgoing"), Missed: o.Has("missed"), Seen: o.Has("seen"),
	}
	var err error
	if r.Reason, err = call.StoredReason(o.Int("reason")); err != nil {
		return Record{}, err
	}
	if r.ID, err = signaling.ParseCallID(o.String("id")); err != nil {
		return Record{}, err
	}
	if o.Has("identity") {
		if r.Identity, err = webpush.ParsePublicKey(o.String("identity")); err != nil {
			return Record{}, err
		}
	}
	if o.Has("card") {
		if r.Card, err = signaling.ParseCard(o.String("card")); err != nil {
			return Record{}, err
		}
	}
	return r, nil
}

// A Sealed is an archive under a passphrase, as it is in a file:
//
//	8        "PUSHCALL"
//	1        version of this layout, 1
//	4        iterations of PBKDF2 (RFC 8018, Section 5.2) with HMAC-SHA-256
//	16       salt
//	12       nonce of AES-256-GCM (NIST SP 800-38D), whose key PBKDF2 makes;
//	         all of the above is its additional data
//	…        ciphertext, and a tag of 16 octets
type Sealed struct {
	Iterations uint32
	Salt       [16]byte
	Nonce      [12]byte
	Ciphertext []byte // with its tag
}

const (
	sealedMagic   = "PUSHCALL"
	sealedVersion = 1
	sealedHeader  = len(sealedMagic) + 1 + 4 + 16 + 12

	// Iterations is what OWASP asks for at least (Password Storage Cheat Sheet,
	// PBKDF2-HMAC-SHA256, 2023). Fewer are not read, nor so many that a page
	// would never be done.
	Iterations    = 600_000
	maxIterations = 10_000_000

	// MaxArchive is ours; octets of a file.
	MaxArchive = 256 << 20

	tagSize = 16 // NIST SP 800-38D, Section 5.2.1.2; octets
)

// Header returns what comes before the ciphertext.
func (s Sealed) Header() []byte {
	b := append([]byte(sealedMagic), sealedVersion,
		byte(s.Iterations>>24), byte(s.Iterations>>16), byte(s.Iterations>>8), byte(s.Iterations))
	b = append(b, s.Salt[:]...)
	return append(b, s.Nonce[:]...)
}

// Bytes returns the file.
func (s Sealed) Bytes() []byte { return append(s.Header(), s.Ciphertext...) }

// ParseSealed reads what Bytes returns.
func ParseSealed(file []byte) (Sealed, error) {
	rest, found := bytes.CutPrefix(file, []byte(sealedMagic))
	switch {
	case !found || len(rest) < 1:
		return Sealed{}, fmt.Errorf("%w: it begins otherwise", ErrArchive)
	case rest[0] != sealedVersion:
		return Sealed{}, fmt.Errorf("%w: %d", ErrArchiveVersion, rest[0])
	case len(file) < sealedHeader+tagSize || len(file) > MaxArchive:
		return Sealed{}, fmt.Errorf("%w: %d octets", ErrArchive, len(file))
	}
	rest = rest[1:]
	s := Sealed{
		Iterations: uint32(rest[0])<<24 | uint32(rest[1])<<16 | uint32(rest[2])<<8 | uint32(rest[3]),
		Salt:       [16]byte(rest[4:20]),
		Nonce:      [12]byte(rest[20:32]),
		Ciphertext: bytes.Clone(rest[32:]),
	}
	if s.Iterations < Iterations || s.Iterations > maxIterations {
		return Sealed{}, fmt.Errorf("%w: %d iterations", ErrArchive, s.Iterations)
	}
	return s, nil
}
