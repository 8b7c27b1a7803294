package phonebook

import (
	"errors"
	"slices"
	"unicode/utf8"

	"pushcall/call"
	"pushcall/webpush"
)

// MaxTexts is how many texts are stored of the conversation with one friend.
const MaxTexts = 500

// An Entry is a text in the stored conversation with a friend.
type Entry struct {
	With      webpush.PublicKey // the friend
	call.Text                   // without Number and Again, which are of its call
	Unread    bool              // nobody has seen it here
}

// fields names what is stored of an entry. The browser's store finds a friend's
// unread texts by their identity, which is the value of that field there.
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

// Save writes the entry for the browser's store.
func (e Entry) Save(to Sink) { e.fields(&fields{to: to}) }

// Entry reads what Save has written.
func (r *Reader) Entry(from Source) (Entry, error) {
	return r.entry(&fields{Reader: r, from: from})
}

func (r *Reader) entry(f *fields) (Entry, error) {
	var e Entry
	e.fields(f)
	f.failed(e.check())
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

// isOf tells whether it is the same text, which may have arrived since.
func (e Entry) isOf(other Entry) bool {
	return e.Time.Equal(other.Time) && e.Mine == other.Mine && e.Text.Text == other.Text.Text
}

// Insert puts an entry into a conversation, the oldest first, where its time belongs.
func Insert(conversation []Entry, e Entry) []Entry {
	conversation = append(conversation, e)
	for i := len(conversation) - 1; i > 0 && e.Time.Before(conversation[i-1].Time); i-- {
		conversation[i-1], conversation[i] = e, conversation[i-1]
	}
	return conversation
}

// Merge puts those of more entries into a conversation that are not in it, and
// returns the newest MaxTexts. One that is in it has arrived where either says so.
func Merge(conversation, more []Entry) []Entry {
	var added []Entry
	for _, e := range more {
		if i := slices.IndexFunc(conversation, e.isOf); i < 0 {
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
