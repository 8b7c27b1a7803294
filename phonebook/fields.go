package phonebook

import (
	"errors"
	"time"

	"pushcall/call"
	"pushcall/internal/jsonobject"
	"pushcall/signaling"
	"pushcall/webpush"
)

// A Source returns a field of one stored record: a string, an int64 or a bool, or nil
// for an absent field, which reads as zero. A value of any other type is an error of
// the record.
type Source func(name string) any

// A Sink stores a field of one record: a string, an int64 or a bool.
type Sink func(name string, value any)

// A Reader reads stored records. It parses a card once, however many records have it,
// and an identity once for consecutive records that have it.
type Reader struct {
	cards        map[string]signaling.Card
	identityText string // of lastIdentity
	lastIdentity webpush.PublicKey
}

// NewReader returns a Reader that has parsed nothing yet.
func NewReader() *Reader { return &Reader{cards: map[string]signaling.Card{}} }

// fields reads the fields of one record from a Source, or writes them into a Sink.
// Each kind of record has one method that names its fields, for reading and for
// writing, in the store's form and in the archive's.
type fields struct {
	*Reader
	from    Source // nil for writing
	to      Sink   // nil for reading
	archive bool   // the archive's form
	err     error  // the first error of reading
}

const (
	// maxTime is the last time that a Date of a page holds (ECMA-262, Section
	// 21.4.1.1), and -maxTime the first; milliseconds.
	maxTime = 8_640_000_000_000_000

	// maxDuration is the longest duration of a call, chosen here: 34 years; milliseconds.
	maxDuration = 1 << 40
)

func (f *fields) string(name string, value *string) {
	if f.to != nil {
		f.to(name, *value)
		return
	}
	read := f.from(name)
	text, ok := read.(string)
	f.checkType(ok || read == nil, name)
	*value = text
}

func (f *fields) int(name string, value int64) int64 {
	if f.to != nil {
		f.to(name, value)
		return value
	}
	read := f.from(name)
	n, ok := read.(int64)
	f.checkType(ok || read == nil, name)
	return n
}

// bool reads or writes a truth value. Any value but false and nil reads as true.
func (f *fields) bool(name string, value *bool) {
	if f.to != nil {
		f.to(name, *value)
		return
	}
	read := f.from(name)
	*value = read != nil && read != false
}

func (f *fields) name(name string, value *string) {
	f.string(name, value)
	*value = signaling.CleanName(*value)
}

// time reads or writes a time in milliseconds. It limits a time that it reads to the
// range of a Date, which is what a page can show.
func (f *fields) time(name string, value *time.Time) {
	n := f.int(name, jsonobject.Milliseconds(*value))
	*value = jsonobject.TimeOf(min(max(n, -maxTime), maxTime))
}

func (f *fields) duration(name string, value *time.Duration) {
	n := f.int(name, value.Milliseconds())
	*value = time.Duration(min(max(n, 0), maxDuration)) * time.Millisecond
}

func (f *fields) reason(name string, value *call.Reason) {
	reason, err := call.StoredReason(f.int(name, int64(*value)))
	f.fail(err)
	*value = reason
}

func (f *fields) card(name string, value *signaling.Card) {
	text := ""
	if f.to != nil && *value != (signaling.Card{}) {
		text = string(value.JSON())
	}
	if f.string(name, &text); f.to != nil || text == "" {
		return
	}
	card, known := f.cards[text]
	if !known {
		var err error
		if card, err = signaling.ParseCard(text); err != nil {
			f.fail(err)
			return
		}
		f.cards[text] = card
	}
	*value, f.identityText, f.lastIdentity = card, card.Identity.String(), card.Identity
}

func (f *fields) identity(name string, value *webpush.PublicKey) {
	text := ""
	if f.to != nil && !value.IsZero() {
		text = value.String()
	}
	if f.string(name, &text); f.to != nil || text == "" {
		return
	}
	if text != f.identityText {
		identity, err := webpush.ParsePublicKey(text)
		if err != nil {
			f.fail(err)
			return
		}
		f.identityText, f.lastIdentity = text, identity
	}
	*value = f.lastIdentity
}

func (f *fields) chain(name string, value *signaling.Chain) {
	text := value.String()
	if f.string(name, &text); f.to != nil || text == "" {
		return
	}
	var err error
	*value, err = signaling.ParseChain(text)
	f.fail(err)
}

func (f *fields) checkType(ok bool, name string) {
	if !ok {
		f.fail(errors.New("phonebook: another type of " + name))
	}
}

func (f *fields) fail(err error) {
	if f.err == nil {
		f.err = err
	}
}
