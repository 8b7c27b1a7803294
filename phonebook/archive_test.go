package phonebook

import (
	"bytes"
	"errors"
	"os"
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

func newArchive(t testing.TB) Archive {
	t.Helper()
	friend, stranger := newCard(t, "friend"), newCard(t, "stranger")
	successor, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := signaling.Succeed(t.Context(), newSigner(t), successor.Public())
	if err != nil {
		t.Fatal(err)
	}
	at := time.UnixMilli(1_790_000_000_123).UTC()
	return Archive{
		Name: `Zoë "Z"`, Successor: successor, Succession: s,
		Contacts: []Contact{{Card: friend, CardTime: at, Name: "my friend", Succeeds: signaling.Chain{}.Append(s)}, {Card: stranger, Blocked: true, Moved: true}},
		Records: []Record{
			{ID: signaling.CallID{1}, Identity: friend.Identity, Card: friend, Outgoing: true, Time: at, Duration: 90 * time.Second, Reason: call.HungUp},
			{ID: signaling.CallID{2}, Time: at, Reason: call.Cancelled, Missed: true, Seen: true},
		},
		Texts: map[webpush.PublicKey][]call.Text{
			friend.Identity:   {{Text: "two\nlines, \"quoted\"", Time: at, Mine: true, Arrived: true, ID: "a.1"}, {Text: "مرحبا", Time: at}},
			stranger.Identity: {{Text: "hello", Time: at, Mine: true}},
		},
	}
}

func TestArchive(t *testing.T) {
	a := newArchive(t)
	text, err := a.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	if back, err := ParseArchive(text); err != nil || !reflect.DeepEqual(back, a) {
		t.Errorf("%v\n%+v\n%+v", err, back, a)
	}
	replace := func(old, new string) string {
		if !strings.Contains(string(text), old) {
			t.Fatalf("no %s in %s", old, text)
		}
		return strings.Replace(string(text), old, new, 1)
	}
	more, err := signaling.Succeed(t.Context(), webpush.NewSigner(a.Successor), newSigner(t).Public())
	if err != nil {
		t.Fatal(err)
	}
	longer := signaling.Chain{}.Append(a.Succession).Append(more)
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"nothing":           {"", ErrArchive},
		"no version":        {"{}", ErrArchiveVersion},
		"later":             {replace(`"v":1`, `"v":2`), ErrArchiveVersion},
		"no successor":      {replace(`"successor"`, `"s"`), ErrArchive},
		"no succession":     {replace(`"succession"`, `"s"`), ErrArchive},
		"another successor": {replace(signaling.Chain{}.Append(a.Succession).String(), signaling.Chain{}.Append(newArchive(t).Succession).String()), ErrArchive},
		"longer chain":      {replace(`"succession":"`+signaling.Chain{}.Append(a.Succession).String(), `"succession":"`+longer.String()), ErrArchive},
		"contact no card":   {replace(`"card"`, `"c"`), ErrArchive},
		"reason":            {replace(`"reason":`, `"reason":9`), ErrArchive},
		"no text":           {replace(`"text"`, `"t"`), ErrArchive},
		"text with nobody":  {replace(`"with"`, `"w"`), ErrArchive},
		"call's id":         {replace(signaling.CallID{1}.String(), "x"), ErrArchive},
	} {
		if got, err := ParseArchive([]byte(test.text)); !errors.Is(err, test.want) || !reflect.DeepEqual(got, Archive{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Archive{}).MarshalText(); err == nil {
		t.Error("an archive without a successor")
	}
}

// ParseArchive returns no text, time or duration beyond what a phone sends or a
// page shows.
func TestArchiveBounds(t *testing.T) {
	a := newArchive(t)
	text := func(t call.Text) Archive {
		a := a
		a.Texts = map[webpush.PublicKey][]call.Text{a.Contacts[0].Identity(): {t}}
		return a
	}
	for name, test := range map[string]struct {
		archive Archive
		want    error
	}{
		"the longest text": {text(call.Text{Text: strings.Repeat("a", call.MaxText)}), nil},
		"a longer text":    {text(call.Text{Text: strings.Repeat("a", call.MaxText+1)}), ErrArchive},
		"the longest id":   {text(call.Text{Text: "a", ID: strings.Repeat("i", call.MaxTextID)}), nil},
		"a longer id":      {text(call.Text{Text: "a", ID: strings.Repeat("i", call.MaxTextID+1)}), ErrArchive},
		"a huge id":        {text(call.Text{Text: "a", ID: strings.Repeat("i", 1<<20)}), ErrArchive},
	} {
		file, err := test.archive.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseArchive(file); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	file, err := a.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[string]struct {
		time     int64
		duration time.Duration
	}{
		"8640000000000000":     {maxTime, maxDuration * time.Millisecond},
		"9223372036854775807":  {maxTime, maxDuration * time.Millisecond},
		"-9223372036854775808": {-maxTime, 0},
		"-1":                   {-1, 0},
		"99999999999999999999": {0, 0}, // no int64
	} {
		text := strings.ReplaceAll(strings.ReplaceAll(string(file), "1790000000123", n), "90000", n)
		back, err := ParseArchive([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", n, err)
			continue
		}
		contact, record, written := back.Contacts[0], back.Records[0], back.Texts[a.Contacts[0].Identity()][0]
		for what, at := range map[string]time.Time{"card": contact.CardTime, "call": record.Time, "text": written.Time} {
			if jsonobject.Milliseconds(at) != want.time {
				t.Errorf("%s: a %s of %v", n, what, at)
			}
		}
		if record.Duration != want.duration {
			t.Errorf("%s: a call of %v", n, record.Duration)
		}
	}
}

// ParseArchive reads an archive that an earlier version has written.
func TestArchiveOfEarlierVersion(t *testing.T) {
	file, err := os.ReadFile("testdata/archive-v1.json")
	if err != nil {
		t.Fatal(err)
	}
	a, err := ParseArchive(file)
	if err != nil || len(a.Contacts) != 2 {
		t.Fatal(err, a)
	}
	friend, stranger := a.Contacts[0], a.Contacts[1]
	at := time.UnixMilli(1_790_000_000_123).UTC()
	if want := (Contact{Card: friend.Card, CardTime: at, Name: "my friend", Succeeds: signaling.Chain{}.Append(a.Succession)}); friend != want || friend.Card.Name != "friend" {
		t.Errorf("%+v", friend)
	}
	if want := (Contact{Card: stranger.Card, Blocked: true, Moved: true}); stranger != want || stranger.Card.Name != "stranger" {
		t.Errorf("%+v", stranger)
	}
	if want := []Record{
		{ID: signaling.CallID{1}, Identity: friend.Identity(), Card: friend.Card, Outgoing: true, Time: at, Duration: 90 * time.Second, Reason: call.HungUp},
		{ID: signaling.CallID{2}, Time: at, Reason: call.Cancelled, Missed: true, Seen: true},
	}; !slices.Equal(a.Records, want) {
		t.Errorf("%+v", a.Records)
	}
	if want := map[webpush.PublicKey][]call.Text{
		friend.Identity():   {{Text: "two\nlines, \"quoted\"", Time: at, Mine: true, Arrived: true, ID: "a.1"}, {Text: "مرحبا", Time: at}},
		stranger.Identity(): {{Text: "hello", Time: at, Mine: true}},
	}; !reflect.DeepEqual(a.Texts, want) {
		t.Errorf("%+v", a.Texts)
	}
}

// ParseArchive makes no contact Verified: the archive's writer may have compared
// nothing.
func TestArchiveVerifiesNobody(t *testing.T) {
	a := newArchive(t)
	a.Contacts[0].Verified = true
	text, err := a.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(text), strings.ReplaceAll(string(text), `"cardTime":`, `"verified":1,"cardTime":`)} {
		back, err := ParseArchive([]byte(text))
		if err != nil || back.Contacts[0].Verified || back.Contacts[0].Card != a.Contacts[0].Card {
			t.Errorf("%+v, %v", back.Contacts, err)
		}
	}
}

func TestSealed(t *testing.T) {
	s := Sealed{Iterations: Iterations, Salt: [16]byte{1}, Nonce: [12]byte{2}, Ciphertext: bytes.Repeat([]byte{3}, tagSize)}
	file := s.Bytes()
	if back, err := ParseSealed(file); err != nil || !reflect.DeepEqual(back, s) || !bytes.HasPrefix(file, s.Header()) || len(s.Header()) != sealedHeader {
		t.Errorf("%+v, %v", back, err)
	}
	changed := func(at int, octet byte) []byte {
		b := bytes.Clone(file)
		b[at] = octet
		return b
	}
	few, many, most := s, s, s
	few.Iterations, many.Iterations, most.Iterations = Iterations-1, maxIterations+1, maxIterations
	if _, err := ParseSealed(most.Bytes()); err != nil {
		t.Errorf("%d iterations: %v", most.Iterations, err)
	}
	for name, test := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":         {nil, ErrArchive},
		"beginning":       {file[:8], ErrArchive},
		"one octet short": {file[:len(file)-1], ErrArchive},
		"other file":      {changed(0, 'p'), ErrArchive},
		"later":           {changed(8, 2), ErrArchiveVersion},
		"few iterations":  {few.Bytes(), ErrArchive},
		"many iterations": {many.Bytes(), ErrArchive},
	} {
		if got, err := ParseSealed(test.file); !errors.Is(err, test.want) || !reflect.DeepEqual(got, Sealed{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseSealed(f *testing.F) {
	f.Add(Sealed{Iterations: Iterations, Ciphertext: make([]byte, 20)}.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		if s, err := ParseSealed(file); err == nil && !bytes.Equal(s.Bytes(), file) {
			t.Fatalf("%x became %x", file, s.Bytes())
		}
	})
}

func FuzzParseArchive(f *testing.F) {
	text, err := newArchive(f).MarshalText()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := ParseArchive(text)
		if err != nil {
			return
		}
		again, err := a.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseArchive(again); err != nil || !reflect.DeepEqual(back, a) {
			t.Fatalf("%v: %s became %s", err, text, again)
		}
	})
}
