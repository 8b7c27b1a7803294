package pushlab

import (
	"testing"
	"testing/synctest"
	"time"
)

// postWith stores a message received now, with a fault.
func postWith(s *store, sub *subscription, id, topic string, f Fault) {
	s.records.add(Record{ID: id})
	s.accept(&message{id: id, sub: sub, ttl: time.Minute, topic: topic, received: time.Now(), fault: f.withDefaults()})
}

func TestHoldDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		in := connect(t, s, a)
		postWith(s, sub, "late", "", Fault{Kind: Delay, Time: 3 * time.Second})
		postWith(s, sub, "later", "", Fault{Kind: Delay, Time: 5 * time.Second})
		post(s, sub, "now", time.Minute, "")
		in.want(t, "now")
		time.Sleep(3*time.Second - time.Nanosecond) // the bubble's time
		in.want(t, "now")
		time.Sleep(time.Nanosecond)
		in.want(t, "now", "late")
		time.Sleep(2 * time.Second)
		in.want(t, "now", "late", "later")
		in.disconnect()
	})
}

// A delay does not lengthen a TTL.
func TestHoldDelayBeyondTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		in := connect(t, s, a)
		postWith(s, sub, "too late", "", Fault{Kind: Delay, Time: time.Minute})
		time.Sleep(2 * time.Minute)
		in.want(t)
		in.disconnect()
	})
}

func TestHoldReorder(t *testing.T) {
	reorder := Fault{Kind: Reorder, Time: 10 * time.Second}
	for _, test := range []struct {
		name string
		post func(s *store, sub, other *subscription)
		want []string // at once
		late []string // when all the bounds have passed
	}{
		{"two", func(s *store, sub, _ *subscription) {
			postWith(s, sub, "1", "", reorder)
			post(s, sub, "2", time.Minute, "")
			post(s, sub, "3", time.Minute, "")
		}, []string{"2", "1", "3"}, nil},
		{"one after the other", func(s *store, sub, _ *subscription) {
			postWith(s, sub, "1", "", reorder)
			postWith(s, sub, "2", "", reorder)
			post(s, sub, "3", time.Minute, "")
			post(s, sub, "4", time.Minute, "")
		}, []string{"3", "2", "1", "4"}, nil},
		{"the next is for another", func(s *store, sub, other *subscription) {
			postWith(s, sub, "1", "", reorder)
			post(s, other, "2", time.Minute, "")
		}, []string{"2"}, []string{"1"}},
		{"the next is delayed", func(s *store, sub, _ *subscription) {
			postWith(s, sub, "1", "", reorder)
			postWith(s, sub, "2", "", Fault{Kind: Delay, Time: 5 * time.Second})
			post(s, sub, "3", time.Minute, "")
		}, []string{"3"}, []string{"2", "1"}},
		{"the next is lost", func(s *store, sub, _ *subscription) {
			postWith(s, sub, "1", "", reorder)
			postWith(s, sub, "2", "", Fault{Kind: Drop})
		}, nil, []string{"1"}},
		{"there is none", func(s *store, sub, _ *subscription) {
			postWith(s, sub, "1", "", reorder)
		}, nil, []string{"1"}},
		{"of one topic", func(s *store, sub, _ *subscription) {
			postWith(s, sub, "ring", "call", reorder)
			post(s, sub, "cancel", time.Minute, "call")
		}, []string{"cancel", "ring"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, a, sub := newTestStore()
				s.subscribe(subscription{agent: a, token: "other", channel: "other"})
				other, _ := s.find("other")
				in := connect(t, s, a)
				test.post(s, sub, other)
				in.want(t, test.want...)
				time.Sleep(reorder.Time)
				in.want(t, append(test.want, test.late...)...)
				in.disconnect()

				again := connect(t, s, a) // nothing was acknowledged
				again.want(t, append(test.want, test.late...)...)
				again.disconnect()
			})
		})
	}
}

// The order of delivery is that of the queue, so it is the same if the user agent was
// disconnected while both messages arrived and the time passed.
func TestHoldReorderWhileAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		postWith(s, sub, "1", "", Fault{Kind: Reorder})
		post(s, sub, "2", time.Minute, "")
		time.Sleep(2 * defaultFaultTime)
		in := connect(t, s, a)
		in.want(t, "2", "1")
		in.disconnect()
	})
}

func TestHoldDuplicate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		postWith(s, sub, "1", "", Fault{Kind: Duplicate})
		in := connect(t, s, a)
		second := s.records.all()[0].Copy
		if second == "" || second == "1" {
			t.Errorf("the second message's ID is %q", second)
		}
		in.want(t, "1", second)
		in.session.ack("1", 100)
		in.disconnect()

		again := connect(t, s, a)
		again.want(t, second)
		again.session.ack(second, 101)
		again.disconnect()
		if record := s.records.all()[0]; record.AckCode != 101 || record.Delivered.IsZero() {
			t.Errorf("record %+v knows nothing of the copy", record)
		}

		third := connect(t, s, a)
		third.want(t)
		third.disconnect()
	})
}

// An expired message has replaced those of its topic; a dropped one has not.
func TestHoldLost(t *testing.T) {
	for kind, want := range map[FaultKind][]string{Expire: nil, Drop: {"ring"}} {
		t.Run(string(kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, a, sub := newTestStore()
				post(s, sub, "ring", time.Minute, "call")
				postWith(s, sub, "cancel", "call", Fault{Kind: kind})
				in := connect(t, s, a)
				in.want(t, want...)
				in.disconnect()
			})
		})
	}
}
