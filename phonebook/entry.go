package phonebook

import (
	"errors"
	"slices"
	"unicode/utf8"

	"pushcall/call"
	"pushcall/webpush"
)

// MaxTexts is the most texts that are stored of the conversation with one friend.
const MaxTexts = 500

// An Entry is a text in the stored conversation with a friend.
type Entry struct {
	With      webpush.PublicKey // the friend
	call.Text                   // without Number and Again, which count in its call only
	Unread    bool              // the person has not seen it
}

// fields names the stored fields of an entry. In the browser's store the value of
// "unread" is the friend's identity, so that an index finds a friend's unread texts.
func (e *Entry) fields(f *fields) {
	f.identity("with", &e.With)
	f.string("text", &e.Text.Text)
	f.string("id", &e.ID)
	f.bool("mine", &e.Mine)
	f.time("time", &e.Time)
	f.bool("arrived", &e.Arrived)
	switch {
	case f.archive:
	case f.to == nil:
		f.bool("unread", &e.Unread)
	case e.Unread:
		f.to("unread", e.With.String())
	}
}

// Save writes the entry's fields for the browser's store.
func (e Entry) Save(to Sink) { e.fields(&fields{to: to}) }

// Entry reads an entry that Save has written.
func (r *Reader) Entry(from Source) (Entry, error) {
	return r.entry(&fields{Reader: r, from: from})
}

func (r *Reader) entry(f *fields) (Entry, error) {
	var e Entry
	e.fields(f)
	f.fail(e.check())
	return e, f.err
}

func (e Entry) check() error {
	switch {
	case e.With.IsZero():
		return ErrNoIdentity
	case len(e.Text.Text) > call.MaxText || len(e.ID) > call.MaxTextID:
		return call.ErrTextTooLong
	case e.Text.Text == "" || !utf8.ValidString(e.Text.Text) || !utf8.ValidString(e.ID):
		return errors.New("phonebook: no text")
	}
	return nil
}

// sameText reports whether two entries are the same text, of which one may be known to
// have arrived and the other not.
func (e Entry) sameText(other Entry) bool {
	return e.Time.Equal(other.Time) && e.Mine == other.Mine && e.Text.Text == other.Text.Text
}

// Insert inserts an entry into a conversation that is sorted by time, the oldest first.
func Insert(conversation []Entry, e Entry) []Entry {
	conversation = append(conversation, e)
	for i := len(conversation) - 1; i > 0 && e.Time.Before(conversation[i-1].Time); i-- {
		conversation[i-1], conversation[i] = e, conversation[i-1]
	}
	return conversation
}

// Merge inserts entries into a conversation and returns the newest MaxTexts. An entry
// that is in both is there once, and has arrived if either copy says so.
func Merge(conversation, more []Entry) []Entry {
	var added []Entry
	for _, e := range more {
		if i := slices.IndexFunc(conversation, e.sameText); i < 0 {
			added = append(added, e)
		} else if e.Arrived {
			conversation[i].Arrived = true
		}
	}
	for _, e := range added {
		conversation = Insert(conversation, e)
	}
	return conversation[max(0, len(conversation)-MaxTexts):]
}
