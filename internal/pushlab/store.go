package pushlab

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"pushcall/webpush"
)

// errReplaced ends a session whose user agent has connected again.
var errReplaced = errors.New("pushlab: the user agent has connected again")

// store holds one push service's user agents, their subscriptions, and the
// messages not yet acknowledged.
type store struct {
	records *recorder

	mu            sync.Mutex
	agents        map[string]*agent
	subscriptions map[string]*subscription // by token
}

// agent is one user agent: a browser profile, connected or not.
type agent struct {
	id      string
	secret  string
	session *session   // nil while it is not connected
	queue   []*message // not acknowledged, in order of receipt
}

// subscription is the subscription of one endpoint. The store keeps it after its
// end, to answer a POST to it (410) differently from one to an unknown endpoint (404).
type subscription struct {
	agent   *agent
	token   string
	channel string            // the user agent's name for it
	app     string            // FCM: the category of its messages
	key     webpush.PublicKey // of the application server that may post
	gone    bool
}

// message is a push message that the user agent has not acknowledged.
type message struct {
	id       string
	sub      *subscription
	topic    string
	body     []byte
	ttl      time.Duration
	received time.Time
	fault    Fault
	hold     time.Time // the earliest time to deliver it; zero: at once
	behind   *message  // reordered: the next message, which is delivered first
	only     *session  // with a TTL of 0: the only session to deliver it to
	sentTo   *session  // the last session it was delivered to
}

func newStore(records *recorder) *store {
	return &store{records: records, agents: map[string]*agent{}, subscriptions: map[string]*subscription{}}
}

// addAgent adds a user agent.
func (s *store) addAgent(id, secret string) *agent {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &agent{id: id, secret: secret}
	s.agents[id] = a
	return a
}

// findAgent returns a user agent, or nil if the id is unknown or the secret wrong.
func (s *store) findAgent(id, secret string) *agent {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.agents[id]; a != nil && a.secret == secret {
		return a
	}
	return nil
}

// subscribe adds a subscription and returns its token. If a user agent registers a
// channel again (the first answer may have been lost) with the same key, it gets the
// same token.
func (s *store) subscribe(sub subscription) (token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.subscriptions {
		if !other.gone && other.agent == sub.agent && other.channel == sub.channel && other.key == sub.key {
			return other.token
		}
	}
	s.subscriptions[sub.token] = &sub
	return sub.token
}

// unsubscribe ends the subscription of a channel and drops its messages.
func (s *store) unsubscribe(a *agent, channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.subscriptions {
		if sub.agent == a && sub.channel == channel {
			sub.gone = true
		}
	}
	a.queue = slices.DeleteFunc(a.queue, func(m *message) bool { return m.sub.gone })
}

// find returns the subscription of a token, or nil if the token is unknown, and
// whether the subscription has ended.
func (s *store) find(token string) (sub *subscription, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub = s.subscriptions[token]
	return sub, sub != nil && sub.gone
}

// accept stores a message until it is acknowledged or its TTL ends. It replaces
// older messages of its topic. A message with a TTL of 0 is delivered to the current
// connection only (RFC 8030, Section 5.2). Of the faults, only those that change the
// time of delivery matter from here on.
func (s *store) accept(m *message) {
	if m.fault.Kind == Drop {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := m.sub.agent
	if m.topic != "" { // RFC 8030, Section 5.4
		a.queue = slices.DeleteFunc(a.queue, func(older *message) bool {
			return older.sub == m.sub && older.topic == m.topic && !older.held()
		})
	}
	if m.ttl == 0 {
		if a.session == nil {
			return
		}
		m.only = a.session
	}
	if m.fault.Kind == Expire {
		return
	}
	s.enqueue(m)
	a.session.notify()
}

// expired reports whether a message must no longer be delivered to the session.
func (m *message) expired(to *session) bool {
	if m.ttl == 0 {
		return m.only != to
	}
	return time.Since(m.received) >= m.ttl
}

// session is one connection of a user agent.
type session struct {
	store    *store
	agent    *agent
	wake     chan struct{} // has one value when there may be messages to deliver
	replaced chan struct{} // closed when the user agent has connected again
}

// attach returns a new session of the user agent, which replaces an earlier one.
func (s *store) attach(a *agent) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.session != nil {
		close(a.session.replaced)
	}
	a.session = &session{store: s, agent: a, wake: make(chan struct{}, 1), replaced: make(chan struct{})}
	return a.session
}

// detach ends the session. Messages that it has not acknowledged stay for the next.
func (s *session) detach() {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if s.agent.session == s {
		s.agent.session = nil
	}
}

func (s *session) notify() {
	if s == nil {
		return
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// deliver calls send for each of the user agent's messages, oldest first and once
// per session, until ctx ends, the session is replaced, or send fails.
func (s *session) deliver(ctx context.Context, send func(*message) error) error {
	for {
		m, later := s.next()
		if m == nil {
			select {
			case <-s.wake:
				continue
			case <-later:
				continue
			case <-s.replaced:
				return errReplaced
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		s.store.records.delivered(m.id) // first, since the user agent may acknowledge it at once
		if err := send(m); err != nil {
			return err
		}
	}
}

// next returns the oldest message not yet sent in this session. If there is none,
// later receives when a held message is due, or is nil if no message is held.
func (s *session) next() (m *message, later <-chan time.Time) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	if s.agent.session != s {
		return nil, nil
	}
	s.agent.queue = slices.DeleteFunc(s.agent.queue, func(m *message) bool { return m.expired(s) })
	given := 0
	for i, m := range s.agent.queue {
		switch {
		case m.sentTo == s:
			given++
		case !m.held():
			// Messages that were held back also come after it in the next session.
			s.agent.queue = slices.Insert(slices.Delete(s.agent.queue, i, i+1), given, m)
			m.sentTo = s
			s.agent.release(m)
			return m, nil
		}
	}
	return nil, s.agent.nextRelease()
}

// ack removes a message from the queue. code is the user agent's code, or 0.
func (s *session) ack(id string, code int) {
	s.store.mu.Lock()
	s.agent.queue = slices.DeleteFunc(s.agent.queue, func(m *message) bool { return m.id == id })
	s.store.mu.Unlock()
	s.store.records.acked(id, code)
}
