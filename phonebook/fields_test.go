package phonebook

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/internal/jsonobject"
	"pushcall/signaling"
	"pushcall/webpush"
)

// stored is a record in the browser's store.
type stored map[string]any

func (s stored) read(name string) any         { return s[name] }
func (s stored) write(name string, value any) { s[name] = value }

// setEach calls f with a record for each of its fields, in which that field has a
// value that is not zero.
func setEach(t *testing.T, record any, f func(field string, record any)) {
	t.Helper()
	succession, err := signaling.Succeed(t.Context(), newSigner(t), newSigner(t).Public())
	if err != nil {
		t.Fatal(err)
	}
	values := []any{"text", true, time.UnixMilli(1_790_000_000_123).UTC(), 90 * time.Second, newCard(t, "friend"), newSigner(t).Public(),
		signaling.Chain{}.Append(succession), call.Busy, signaling.NewCallID(), 7}
	for _, field := range reflect.VisibleFields(reflect.TypeOf(record)) {
		if field.Anonymous {
			continue
		}
		one := reflect.New(reflect.TypeOf(record)).Elem()
		one.Set(reflect.ValueOf(record))
		i := slices.IndexFunc(values, func(v any) bool { return reflect.TypeOf(v) == field.Type })
		if i < 0 {
			t.Fatalf("no value for %s, a %v", field.Name, field.Type)
		}
		one.FieldByIndex(field.Index).Set(reflect.ValueOf(values[i]))
		f(field.Name, one.Interface())
	}
}

// Both forms have each field of each record: the test fails for a new field that the
// record's fields method does not name.
func TestFields(t *testing.T) {
	card := newCard(t, "somebody")
	for name, test := range map[string]struct {
		record                 any
		notStored, notArchived []string
	}{
		"Contact": {Contact{Card: card}, nil, []string{"Verified", "Told", "Heard"}},
		"Record":  {Record{ID: signaling.CallID{1}}, nil, nil},
		"Entry":   {Entry{With: card.Identity, Text: call.Text{Text: "hello"}}, []string{"Number", "Again"}, []string{"Number", "Again", "Unread"}},
	} {
		setEach(t, test.record, func(field string, record any) {
			back, err := storeAndRead(record)
			if kept := back == record; err != nil || kept == slices.Contains(test.notStored, field) {
				t.Errorf("%s.%s in the store: kept %v, %v", name, field, kept, err)
			}
			back, err = archiveAndRead(record)
			if kept := back == record; err != nil || kept == slices.Contains(test.notArchived, field) {
				t.Errorf("%s.%s in an archive: kept %v, %v", name, field, kept, err)
			}
		})
	}
}

func storeAndRead(record any) (any, error) {
	value := stored{}
	switch record := record.(type) {
	case Contact:
		record.Save(value.write)
		return NewReader().Contact(value.read)
	case Record:
		record.Save(value.write)
		return NewReader().Record(record.ID.String(), value.read)
	default:
		record.(Entry).Save(value.write)
		return NewReader().Entry(value.read)
	}
}

func archiveAndRead(record any) (any, error) {
	read := func(text []byte) *fields {
		object, _ := jsonobject.Parse(text)
		return &fields{Reader: NewReader(), from: object.Value, archive: true}
	}
	switch record := record.(type) {
	case Contact:
		return NewReader().contact(read(archiveJSON(record.fields)))
	case Record:
		f := read(archiveJSON(record.fields))
		return f.record(f.from("id").(string), f)
	default:
		entry := record.(Entry)
		return NewReader().entry(read(archiveJSON(entry.fields)))
	}
}

// Readers read records of earlier versions, which lack some fields.
func TestRecordsOfEarlierVersions(t *testing.T) {
	card := newCard(t, "Bob")
	at := time.UnixMilli(1_790_000_000_123).UTC()
	old := stored{"card": string(card.JSON()), "cardTime": at.UnixMilli(), "name": "Bobby", "blocked": false, "told": "digest", "heard": true}
	if c, err := NewReader().Contact(old.read); err != nil || c != (Contact{Card: card, CardTime: at, Name: "Bobby", Told: "digest", Heard: true}) {
		t.Errorf("%+v, %v", c, err)
	}
	old["verified"], old["moved"], old["succeeds"] = true, false, ""
	if c, err := NewReader().Contact(old.read); err != nil || !c.Verified || c.Moved || !c.Succeeds.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
	id := signaling.NewCallID()
	missed := stored{"identity": "", "card": "", "outgoing": false, "time": at.UnixMilli(), "duration": int64(0), "reason": int64(2), "missed": true, "seen": false}
	if r, err := NewReader().Record(id.String(), missed.read); err != nil || r != (Record{ID: id, Time: at, Reason: call.Cancelled, Missed: true}) {
		t.Errorf("%+v, %v", r, err)
	}
	text := stored{"with": card.Identity.String(), "text": "hello", "mine": true, "time": at.UnixMilli(), "arrived": false}
	if e, err := NewReader().Entry(text.read); err != nil || e != (Entry{With: card.Identity, Text: call.Text{Text: "hello", Mine: true, Time: at}}) {
		t.Errorf("%+v, %v", e, err)
	}
}

// The service worker and the store's indices depend on the form of these fields.
func TestStoredForm(t *testing.T) {
	card := newCard(t, "Bob")
	identity, contact, record, text, unread := card.Identity.String(), stored{}, stored{}, stored{}, stored{}
	Contact{Card: card, Name: "Bobby", Blocked: true}.Save(contact.write)
	Record{Identity: card.Identity, Card: card, Reason: call.HungUp}.Save(record.write)
	Entry{With: card.Identity, Text: call.Text{Text: "hello"}}.Save(text.write)
	Entry{With: card.Identity, Text: call.Text{Text: "hello"}, Unread: true}.Save(unread.write)
	for _, test := range []struct {
		value stored
		name  string
		want  any
	}{
		{contact, "card", string(card.JSON())}, {contact, "name", "Bobby"}, {contact, "blocked", true}, {contact, "verified", false}, {contact, "cardTime", int64(0)},
		{record, "identity", identity}, {record, "card", string(card.JSON())}, {record, "reason", int64(1)}, {record, "missed", false}, {record, "time", int64(0)}, {record, "id", nil},
		{text, "with", identity}, {text, "unread", nil}, {text, "arrived", false}, {unread, "unread", identity},
	} {
		if got := test.value[test.name]; got != test.want {
			t.Errorf("%s is %v, want %v", test.name, got, test.want)
		}
	}
}

func TestReadNonsense(t *testing.T) {
	card := newCard(t, "Bob")
	anonymous := card
	anonymous.Identity = webpush.PublicKey{}
	with := card.Identity.String()
	for name, value := range map[string]stored{
		"nothing":         {},
		"no card":         {"card": "{}", "name": "Bob"},
		"nobody's":        {"card": string(anonymous.JSON())},
		"another type":    {"card": string(card.JSON()), "cardTime": "0"},
		"a number's name": {"card": string(card.JSON()), "name": int64(1)},
		"no chain":        {"card": string(card.JSON()), "succeeds": "x"},
	} {
		if c, err := NewReader().Contact(value.read); err == nil {
			t.Errorf("a contact of %s: %+v", name, c)
		}
	}
	for name, value := range map[string]stored{
		"another type": {"reason": "1"}, "no reason": {"reason": int64(255)}, "a negative reason": {"reason": int64(-1)}, "no card": {"card": "{}"}, "no identity": {"identity": with[1:]},
	} {
		reader := NewReader()
		for range 2 { // it is no better the second time
			if r, err := reader.Record(signaling.CallID{1}.String(), value.read); err == nil {
				t.Errorf("a record of %s: %+v", name, r)
			}
		}
	}
	if r, err := NewReader().Record("none", stored{}.read); err == nil {
		t.Errorf("a record without an id: %+v", r)
	}
	for name, value := range map[string]stored{
		"nobody": {"text": "hello"}, "no text": {"with": with}, "no identity": {"with": "x", "text": "hello"}, "no UTF-8": {"with": with, "text": "\xff"},
		"no UTF-8 in its id": {"with": with, "text": "hello", "id": "\xff"}, "too much": {"with": with, "text": strings.Repeat("a", call.MaxText+1)},
		"too long an id": {"with": with, "text": "hello", "id": strings.Repeat("a", call.MaxTextID+1)},
	} {
		if e, err := NewReader().Entry(value.read); err == nil {
			t.Errorf("an entry of %s: %+v", name, e)
		}
	}
}

// A Reader parses a card once, and returns it for the same text only.
func TestReaderParsesOnce(t *testing.T) {
	reader := NewReader()
	for range 2 {
		for _, card := range []signaling.Card{newCard(t, "Ada"), newCard(t, "Bob")} {
			for range 3 {
				value := stored{}
				Record{Card: card, Identity: card.Identity}.Save(value.write)
				if r, err := reader.Record(signaling.CallID{1}.String(), value.read); err != nil || r.Card != card || r.Identity != card.Identity {
					t.Errorf("%+v, %v", r, err)
				}
			}
		}
	}
	if len(reader.cards) != 4 {
		t.Errorf("%d cards", len(reader.cards))
	}
}
