package phonebook

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pushcall/webpush"
)

// Runs joins calls in a row of one person and one day, and no others.
func TestRuns(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	now := time.Date(2025, 3, 2, 12, 0, 0, 0, zone)
	a, b, nobody := newCard(t, "a").Identity, newCard(t, "b").Identity, webpush.PublicKey{}
	at := func(identity webpush.PublicKey, hours int) Record {
		return Record{Identity: identity, Time: now.Add(-time.Duration(hours) * time.Hour).UTC()}
	}
	for name, test := range map[string]struct {
		records []Record
		want    string // "day: calls", of each run
	}{
		"none":                         {nil, ""},
		"one":                          {[]Record{at(a, 1)}, "2:1"},
		"in a row":                     {[]Record{at(a, 1), at(a, 2), at(a, 3)}, "2:3"},
		"another between":              {[]Record{at(a, 1), at(b, 2), at(a, 3)}, "2:1 2:1 2:1"},
		"over midnight, and back":      {[]Record{at(a, 11), at(a, 12), at(a, 13), at(a, 36)}, "2:2 1:2"},
		"a month ago":                  {[]Record{at(a, 24*30), at(a, 24*31)}, "31:1 30:1"},
		"never known":                  {[]Record{at(nobody, 1), at(nobody, 1)}, "2:1 2:1"},
		"of a clock that is fast":      {[]Record{at(a, -48), at(a, -24), at(a, 1)}, "2:3"},
		"a stranger's flood in a row":  {[]Record{at(b, 1), at(a, 2), at(a, 2), at(b, 2), at(b, 2)}, "2:1 2:2 2:2"},
		"the same hour of another day": {[]Record{at(a, 1), at(a, 25)}, "2:1 1:1"},
	} {
		var got []string
		for _, r := range Runs(test.records, now) {
			got = append(got, fmt.Sprintf("%d:%d", r.Day.Day(), len(r.Calls)))
			if !r.Day.Equal(BeginOfDay(r.Day)) || r.Day.Location() != zone {
				t.Errorf("%s: a day begins at %v", name, r.Day)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", name, got, test.want)
		}
	}
}

// A run and a list count the missed calls that nobody has seen.
func TestUnseen(t *testing.T) {
	missed, seen, taken := Record{Missed: true}, Record{Missed: true, Seen: true}, Record{Duration: time.Second}
	for want, records := range [][]Record{{seen, taken}, {taken, missed, seen}, {missed, taken, missed}} {
		if n := CountUnseen(records); n != want {
			t.Errorf("%d are unseen, want %d", n, want)
		}
		if (Run{Calls: records}).Unseen() != (want > 0) {
			t.Errorf("a run with %d", want)
		}
	}
}

// Incoming calls of people who are no contacts are apart; calls that this phone made are not.
func TestApart(t *testing.T) {
	friend, blocked, stranger := newCard(t, "friend"), newCard(t, "blocked"), newCard(t, "stranger")
	contacts := []Contact{{Card: friend}, {Card: blocked, Blocked: true}}
	records := []Record{
		{Identity: stranger.Identity}, {Identity: friend.Identity}, {Identity: blocked.Identity},
		{Identity: stranger.Identity, Outgoing: true}, {}, {Outgoing: true}, {Identity: stranger.Identity, Missed: true},
	}
	others, strangers := Apart(records, contacts)
	if len(others) != 4 || len(strangers) != 3 || others[0].Identity != friend.Identity || !strangers[2].Missed {
		t.Errorf("%+v\napart from %+v", others, strangers)
	}
	if others, strangers := Apart(records, nil); len(others) != 2 || len(strangers) != 5 {
		t.Errorf("without contacts: %d, %d", len(others), len(strangers))
	}
}

// Contacts stand in the order of the last connected call if that is wanted; those without
// one stay as they were, and blocked ones come last.
func TestArrange(t *testing.T) {
	var contacts []Contact
	for _, name := range strings.Fields("a b c d e") {
		contacts = append(contacts, Contact{Card: newCard(t, name), Name: name, Blocked: name == "b"})
	}
	call := func(i, minute int, d time.Duration) Record {
		return Record{Identity: contacts[i].Identity(), Time: time.Unix(int64(60*minute), 0), Duration: d}
	}
	talked := LastTalked([]Record{call(1, 9, time.Second), call(4, 8, 0), call(3, 7, time.Second), call(4, 6, time.Second), call(3, 1, time.Second)})
	for _, test := range []struct {
		talked map[webpush.PublicKey]time.Time
		want   string
	}{{nil, "acdeb"}, {talked, "deacb"}, {map[webpush.PublicKey]time.Time{}, "acdeb"}} {
		arranged, got := append([]Contact(nil), contacts...), ""
		Arrange(arranged, test.talked)
		for _, c := range arranged {
			got += c.Name
		}
		if got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}
