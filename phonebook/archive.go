package phonebook

import (
	"bytes"
	"errors"
	"fmt"

	"pushcall/call"
	"pushcall/internal/jsonobject"
	"pushcall/signaling"
	"pushcall/webpush"
)

var (
	// ErrArchive is returned for input that is no archive, or a damaged one.
	ErrArchive = errors.New("phonebook: not an archive")

	// ErrArchiveVersion is returned for an archive that a later Pushcall has written.
	ErrArchiveVersion = errors.New("phonebook: archive of an unknown version")
)

const archiveVersion = 1

// An Archive holds a person's contacts, calls and texts, and a key pair that lets
// another browser succeed to their identity. It moves them to that browser, or is a
// backup.
//
// The identity's own key cannot leave its browser. So the browser that writes an
// archive makes another key pair, the Successor, and its identity signs a succession
// to it. The browser that reads the archive makes a fresh identity, signs a succession
// from the Successor to it, and shows each contact both signatures: their phones
// replace the old identity by the fresh one. Anybody with the archive and its
// passphrase can do so. It works once, since a contact that has replaced the old
// identity does not know it any more.
//
// As text it is a JSON object.
type Archive struct {
	Name       string                       // of the owner
	Successor  webpush.ApplicationServerKey // a key pair that becomes an identity
	Succession signaling.Succession         // from the identity that wrote the archive to Successor
	Contacts   []Contact
	Records    []Record
	Texts      map[webpush.PublicKey][]call.Text // by contact; the oldest first
}

// MarshalText returns the archive's JSON. It is secret, as it has the Successor's
// private key.
func (a Archive) MarshalText() ([]byte, error) {
	var contacts, records, texts [][]byte
	for _, c := range a.Contacts {
		contacts = append(contacts, archiveJSON(c.fields))
		for _, t := range a.Texts[c.Identity()] {
			e := Entry{With: c.Identity(), Text: t}
			texts = append(texts, archiveJSON(e.fields))
		}
	}
	for _, r := range a.Records {
		records = append(records, archiveJSON(r.fields))
	}
	successor, err := a.Successor.MarshalText()
	if err != nil {
		return nil, err
	}
	var b jsonobject.Builder
	b.Int("v", archiveVersion).String("name", a.Name)
	b.String("successor", string(successor)).String("succession", signaling.Chain{}.Append(a.Succession).String())
	b.Raw("contacts", jsonArray(contacts)).Raw("calls", jsonArray(records)).Raw("messages", jsonArray(texts))
	return b.Bytes(), nil
}

// jsonArray returns a JSON array of items, which are JSON.
func jsonArray(items [][]byte) []byte {
	return append(append([]byte("["), bytes.Join(items, []byte(","))...), ']')
}

// archiveJSON returns a record's JSON in an archive.
func archiveJSON(fieldsOf func(*fields)) []byte {
	var b jsonobject.Builder
	fieldsOf(&fields{archive: true, to: func(name string, value any) { addNonZero(&b, name, value) }})
	return b.Bytes()
}

// addNonZero adds a member, unless its value is zero or false. It writes true as 1.
func addNonZero(b *jsonobject.Builder, name string, value any) {
	switch value := value.(type) {
	case string:
		if value != "" {
			b.String(name, value)
		}
	case int64:
		if value != 0 {
			b.Int(name, value)
		}
	case bool:
		if value {
			b.Int(name, 1)
		}
	}
}

// ParseArchive parses an archive that MarshalText has written. It does not check the
// succession's signature: see [signaling.Succession.Verify].
func ParseArchive(text []byte) (Archive, error) {
	object, err := jsonobject.Parse(text)
	if err != nil {
		return Archive{}, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	if v := object.Int("v"); v != archiveVersion {
		return Archive{}, fmt.Errorf("%w: %d", ErrArchiveVersion, v)
	}
	a := Archive{Name: signaling.CleanName(object.String("name"))}
	if err := a.parseIdentities(object); err != nil {
		return Archive{}, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	if err := a.parseRecords(object); err != nil {
		return Archive{}, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	return a, nil
}

func (a *Archive) parseIdentities(object jsonobject.Object) (err error) {
	if a.Successor, err = webpush.ParseApplicationServerKey(object.String("successor")); err != nil {
		return err
	}
	succession, err := signaling.ParseChain(object.String("succession"))
	if err != nil {
		return err
	}
	moves := succession.Successions()
	a.Succession = moves[0]
	if len(moves) > 1 || a.Succession.New != a.Successor.Public() {
		return errors.New("the successor is another")
	}
	return nil
}

func (a *Archive) parseRecords(object jsonobject.Object) error {
	reader := NewReader()
	each := func(list string, read func(*fields) error) error {
		for _, o := range object.Objects(list) {
			if err := read(&fields{Reader: reader, from: o.Value, archive: true}); err != nil {
				return fmt.Errorf("in %s: %w", list, err)
			}
		}
		return nil
	}
	if err := each("contacts", func(f *fields) error {
		c, err := reader.contact(f)
		a.Contacts = append(a.Contacts, c)
		return err
	}); err != nil {
		return err
	}
	if err := each("calls", func(f *fields) error {
		var id string
		f.string("id", &id)
		r, err := reader.record(id, f)
		a.Records = append(a.Records, r)
		return err
	}); err != nil {
		return err
	}
	return each("messages", func(f *fields) error {
		e, err := reader.entry(f)
		if a.Texts == nil {
			a.Texts = map[webpush.PublicKey][]call.Text{}
		}
		a.Texts[e.With] = append(a.Texts[e.With], e.Text)
		return err
	})
}
