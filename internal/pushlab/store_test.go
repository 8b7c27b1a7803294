package pushlab

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// inbox is a user agent without a protocol: it records delivered messages.
type inbox struct {
	session *session
	end     context.CancelFunc
	err     chan error

	mu  sync.Mutex // a timer that wakes the session orders nothing
	got []string
}

// connect attaches an inbox; delivered messages are in got once the bubble is idle.
func connect(t *testing.T, s *store, a *agent) *inbox {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	in := &inbox{session: s.attach(a), end: cancel, err: make(chan error, 1)}
	go func() {
		in.err <- in.session.deliver(ctx, func(m *message) error {
			in.mu.Lock()
			defer in.mu.Unlock()
			in.got = append(in.got, m.id)
			return nil
		})
	}()
	return in
}

// disconnect ends the connection and waits until it has ended.
func (in *inbox) disconnect() {
	in.end()
	<-in.err
	in.session.detach()
}

func (in *inbox) want(t *testing.T, ids ...string) {
	t.Helper()
	synctest.Wait()
	in.mu.Lock()
	defer in.mu.Unlock()
	if !slices.Equal(in.got, ids) {
		t.Errorf("the user agent got %q, want %q", in.got, ids)
	}
}

// newTestStore returns a store with one user agent and one subscription.
func newTestStore() (*store, *agent, *subscription) {
	s := newStore(newRecorder())
	a := s.addAgent("agent", "")
	s.subscribe(subscription{agent: a, token: "token", channel: "channel"})
	sub, _ := s.find("token")
	return s, a, sub
}

// post stores a message received now.
func post(s *store, sub *subscription, id string, ttl time.Duration, topic string) {
	s.accept(&message{id: id, sub: sub, ttl: ttl, topic: topic, received: time.Now()})
}

func TestStoreDeliversAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		in := connect(t, s, a)
		post(s, sub, "1", time.Minute, "")
		post(s, sub, "2", time.Minute, "")
		in.want(t, "1", "2")
		in.disconnect()
	})
}

func TestStoreTTL(t *testing.T) {
	const ttl = time.Minute
	for _, test := range []struct {
		name string
		away time.Duration
		want []string
	}{
		{"a moment before", ttl - time.Nanosecond, []string{"1"}},
		{"at the end", ttl, nil},
		{"a moment after", ttl + time.Nanosecond, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, a, sub := newTestStore()
				post(s, sub, "1", ttl, "")
				time.Sleep(test.away) // the bubble's time
				in := connect(t, s, a)
				in.want(t, test.want...)
				in.disconnect()
			})
		})
	}
}

func TestStoreZeroTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		post(s, sub, "for nobody", 0, "")
		first := connect(t, s, a)
		first.want(t)
		post(s, sub, "now", 0, "")
		first.want(t, "now")
		first.disconnect()

		second := connect(t, s, a)
		second.want(t) // not again, though it was never acknowledged
		second.disconnect()
	})
}

func TestStoreTopic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		s.subscribe(subscription{agent: a, token: "other", channel: "other"})
		other, _ := s.find("other")

		post(s, sub, "ring", time.Minute, "call")
		post(s, sub, "plain", time.Minute, "")
		post(s, other, "elsewhere", time.Minute, "call")
		post(s, sub, "cancel", time.Minute, "call")
		in := connect(t, s, a)
		in.want(t, "plain", "elsewhere", "cancel")
		in.disconnect()
	})
}

// A message with a TTL of 0 replaces those of its topic, even if nobody gets it.
func TestStoreTopicZeroTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		post(s, sub, "ring", time.Minute, "call")
		post(s, sub, "cancel", 0, "call")
		in := connect(t, s, a)
		in.want(t)
		in.disconnect()
	})
}

func TestStoreRedelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		post(s, sub, "1", time.Minute, "")
		post(s, sub, "2", time.Minute, "")
		post(s, sub, "3", 2*time.Minute, "")
		first := connect(t, s, a)
		first.want(t, "1", "2", "3")
		first.session.ack("2", 100)
		first.disconnect()

		second := connect(t, s, a)
		second.want(t, "1", "3")
		second.disconnect()

		time.Sleep(time.Minute) // the first one's TTL
		third := connect(t, s, a)
		third.want(t, "3")
		third.session.ack("3", 100)
		third.disconnect()

		fourth := connect(t, s, a)
		fourth.want(t)
		fourth.disconnect()
	})
}

func TestStoreFailedSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		post(s, sub, "1", time.Minute, "")
		broken := errors.New("broken pipe")
		first := s.attach(a)
		if err := first.deliver(t.Context(), func(*message) error { return broken }); err != broken {
			t.Errorf("deliver: %v, want the error of send", err)
		}
		first.detach()
		second := connect(t, s, a)
		second.want(t, "1")
		second.disconnect()
	})
}

// A browser that lost its connection may be back before the service has noticed.
func TestStoreReplacedSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		first := connect(t, s, a)
		second := connect(t, s, a)
		if err := <-first.err; !errors.Is(err, errReplaced) {
			t.Errorf("the first session ended with %v, want %v", err, errReplaced)
		}
		first.session.detach() // must not detach the second
		post(s, sub, "1", 0, "")
		first.want(t)
		second.want(t, "1")
		second.disconnect()
	})
}

func TestStoreUnsubscribe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		post(s, sub, "1", time.Minute, "")
		s.unsubscribe(a, "channel")
		if sub, gone := s.find("token"); sub == nil || !gone {
			t.Errorf("find: %v, gone %t; want a subscription that is gone", sub, gone)
		}
		in := connect(t, s, a)
		in.want(t)
		in.disconnect()
	})
}

func TestStoreSubscribeAgain(t *testing.T) {
	s, a, _ := newTestStore()
	if token := s.subscribe(subscription{agent: a, token: "second", channel: "channel"}); token != "token" {
		t.Errorf("the channel's token changed to %q", token)
	}
	s.unsubscribe(a, "channel")
	if token := s.subscribe(subscription{agent: a, token: "second", channel: "channel"}); token != "second" {
		t.Errorf("the channel got its old token %q back after it was gone", token)
	}
	if _, gone := s.find("token"); !gone {
		t.Error("the old token is back")
	}
}

func TestStoreRecordTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a, sub := newTestStore()
		start := time.Now()
		s.records.add(Record{ID: "1", Received: Time{start}})
		post(s, sub, "1", time.Hour, "")
		time.Sleep(time.Minute)
		in := connect(t, s, a)
		in.want(t, "1")
		time.Sleep(time.Minute)
		in.session.ack("1", 100)
		s.records.nacked("1", 301)
		time.Sleep(time.Minute)
		in.session.ack("1", 0) // once more, as Chromium does with its next login
		in.disconnect()

		record := s.records.all()[0]
		if got := record.Delivered.Sub(start); got != time.Minute {
			t.Errorf("delivered after %v, want a minute", got)
		}
		if got := record.Acked.Sub(start); got != 2*time.Minute {
			t.Errorf("acked after %v, want two minutes", got)
		}
		if record.AckCode != 301 {
			t.Errorf("ack code %d, want the worker's failure, 301", record.AckCode)
		}
	})
}
