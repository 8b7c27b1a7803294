package phonebook

import (
	"slices"
	"testing"
	"time"

	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

func TestArchiveCapTimes(t *testing.T) {
	now := time.UnixMilli(1_790_000_000_000).UTC()
	for name, test := range map[string]struct {
		time         time.Time
		card, record time.Time
	}{
		"none":              {},
		"long ago":          {now.AddDate(-30, 0, 0), now.AddDate(-30, 0, 0), now.AddDate(-30, 0, 0)},
		"now":               {now, now, now},
		"in a moment":       {now.Add(time.Millisecond), time.Time{}, now},
		"in a year":         {now.AddDate(1, 0, 0), time.Time{}, now},
		"after all clocks":  {time.UnixMilli(1<<62 - 1).UTC(), time.Time{}, now},
		"before all clocks": {time.UnixMilli(-1 << 40).UTC(), time.UnixMilli(-1 << 40).UTC(), time.UnixMilli(-1 << 40).UTC()},
	} {
		a := Archive{Contacts: []Contact{{CardTime: test.time}}, Records: []Record{{Time: test.time}},
			Texts: map[webpush.PublicKey][]call.Text{{}: {{Text: "first"}, {Text: "last", Time: test.time}}}}
		a.CapTimes(now)
		if card, record := a.Contacts[0].CardTime, a.Records[0].Time; !card.Equal(test.card) || !record.Equal(test.record) {
			t.Errorf("%s: card %v, call %v", name, card, record)
		}
		if texts := a.Texts[webpush.PublicKey{}]; !texts[0].Time.IsZero() || !texts[1].Time.Equal(test.record) {
			t.Errorf("%s: texts of %v", name, texts)
		}
	}
}

func TestArchiveAdded(t *testing.T) {
	ada, bob, eve := newSigner(t).Public(), newSigner(t).Public(), newSigner(t).Public()
	of := func(identity webpush.PublicKey, name string) Contact {
		return Contact{Card: signaling.Card{Identity: identity}, Name: name}
	}
	a := Archive{Contacts: []Contact{of(ada, "Ada"), of(bob, "Bob"), of(ada, "Mallory"), of(eve, "Eve"), of(bob, "Bob again")}}
	added := a.Added(func(identity webpush.PublicKey) bool { return identity == eve })
	if len(added) != 2 || added[0] != a.Contacts[0] || added[1] != a.Contacts[1] {
		t.Errorf("added %+v", added)
	}
	if added := (Archive{}).Added(func(webpush.PublicKey) bool { return false }); len(added) > 0 {
		t.Errorf("of an empty file: %+v", added)
	}
}

// A friend's chain leads to the fresh identity from each identity that they may know.
func TestArchiveMoved(t *testing.T) {
	ctx := t.Context()
	const older, writer, successor, own, fresh, before = 0, 1, 2, 3, 4, 5
	var people []webpush.Signer
	for range 6 {
		people = append(people, newSigner(t))
	}
	chain := func(path ...int) (c signaling.Chain) {
		for i := range len(path) - 1 {
			s, err := signaling.Succeed(ctx, people[path[i]], people[path[i+1]].Public())
			if err != nil {
				t.Fatal(err)
			}
			c = c.Append(s)
		}
		return c
	}
	h := Handover{SuccessorToOwn: chain(successor, own).Successions()[0], SuccessorToFresh: chain(successor, fresh).Successions()[0], OwnToFresh: chain(own, fresh).Successions()[0]}
	friend := Contact{Card: signaling.Card{Identity: newSigner(t).Public()}, Name: "Ada", Told: "digest", Heard: true, Verified: true}
	with := func(c signaling.Chain) *Contact {
		f := friend
		f.Succeeds = c
		return &f
	}
	for name, test := range map[string]struct {
		file, own *Contact
		path      []int // of the chain that they are shown
	}{
		"in the file":                                 {with(chain()), nil, []int{writer, successor, fresh}},
		"in the file, away before":                    {with(chain(older, writer)), nil, []int{older, writer, successor, fresh}},
		"in the file, of a chain that ends elsewhere": {with(chain(older, before)), nil, []int{writer, successor, fresh}},
		"here":                    {nil, with(chain()), []int{own, fresh}},
		"here, away before":       {nil, with(chain(before, own)), []int{before, own, fresh}},
		"in both":                 {with(chain()), with(chain()), []int{writer, successor, own, fresh}},
		"in both, there and back": {with(chain(own, older, writer)), with(chain()), []int{own, older, writer, successor, own, fresh}},
		"in both, away from here": {with(chain(older, writer)), with(chain(before, own)), []int{before, own, fresh}},
		"in the file, long away":  {with(chain(0, 3, 0, 3, 0, 3, writer)), nil, []int{0, 3, 0, 3, writer, successor, fresh}},
	} {
		a := Archive{Succession: chain(writer, successor).Successions()[0]}
		var here []Contact
		if test.file != nil {
			a.Contacts = append(a.Contacts, *test.file)
		}
		if test.own != nil {
			here = append(here, *test.own)
		}
		added := a.Added(func(webpush.PublicKey) bool { return test.own != nil })
		moved := a.Moved(added, here, h)
		if len(moved) != 1 {
			t.Errorf("%s: %+v", name, moved)
			continue
		}
		c := moved[0]
		var keys []webpush.PublicKey
		for _, s := range c.Succeeds.Successions() {
			keys = append(keys, s.Old)
		}
		keys = append(keys, c.Succeeds.New())
		want := make([]webpush.PublicKey, len(test.path))
		for i, p := range test.path {
			want[i] = people[p].Public()
		}
		if !slices.Equal(keys, want) {
			t.Errorf("%s: a chain over %d identities, or other ones", name, len(keys))
		}
		if err := c.Succeeds.Verify(ctx, webpush.Verify); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c.Told != "" || c.Heard || !c.Verified || c.Name != "Ada" {
			t.Errorf("%s: %+v", name, c)
		}
	}
}
