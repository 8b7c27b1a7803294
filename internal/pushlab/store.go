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

// store is one push service's memory: user agents, their subscriptions, and the
// messages that have not been acknowledged.
type store struct {
	records *recorder

	mu            sync.Mutex
	agents        map[string]*agent
	subscriptions map[string]*subscription // by token
}

// agent is one user agent: a browser profile, whether it is running or not.
type agent struct {
	id      string
	secret  string
	session *session   // nil while it is not connected
	queue   []*message // not acknowledged, in order of receipt
}

// subscription is what an endpoint stands for. It stays known after its end, so
// that a POST to it is told from one to an endpoint that never was.
type subscription struct {
	agent   *agent
	token   string
	channel string            // the user agent's name for it
	app     string            // FCM: the category of its messages
	key     webpush.PublicKey // of the application server that may post
	gone    bool
}

// message is a push message on its way.
type message struct {
	id       string
	sub      *subscription
	topic    string
	body     []byte
	ttl      time.Duration
	received time.Time
	fault    Fault
	hold     time.Time // it is given to nobody before; zero when it may be at once
	behind   *message  // reordered: the next one, which goes first
	only     *session  // with a TTL of 0: the session it is for
	sentTo   *session  // the last session it was given to
}

func newStore(records *recorder) *store {
	return &store{records: records, agents: map[string]*agent{}, subscriptions: map[string]*subscription{}}
}

// addAgent makes a user agent known.
func (s *store) addAgent(id, secret string) *agent {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &agent{id: id, secret: secret}
	s.agents[id] = a
	return a
}

// findAgent returns a user agent, nil when the id is unknown or the secret not its own.
func (s *store) findAgent(id, secret string) *agent {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.agents[id]; a != nil && a.secret == secret {
		return a
	}
	return nil
}

// subscribe adds a subscription and returns its token. A channel that is
// registered again (the first answer may have got lost) keeps its token as long
// as the key is the same.
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

// find returns the subscription of a token, ended or not, nil when there never was one.
func (s *store) find(token string) (sub *subscription, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub = s.subscriptions[token]
	return sub, sub != nil && sub.gone
}

// accept takes a message in: it replaces older ones of its topic, and is kept
// until it is acknowledged or its TTL ends. A message with a TTL of 0 is for the
// connection of this moment or for nobody (RFC 8030, Section 5.2). From here on
// its fault, if it has one, is only a matter of when it is delivered.
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

// expired reports whether a message must not be given to the session any more.
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
	wake     chan struct{} // holds one value when there may be messages to deliver
	replaced chan struct{} // closed when the user agent has connected again
}

// attach makes a connection the one that messages go to, in place of any before it.
func (s *store) attach(a *agent) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.session != nil {
		close(a.session.replaced)
	}
	a.session = &session{store: s, agent: a, wake: make(chan struct{}, 1), replaced: make(chan struct{})}
	return a.session
}

// detach ends the session; what it has not acknowledged waits for the next.
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

// deliver gives the user agent's messages to send, oldest first, each once in a
// session, until ctx ends, the session is replaced, or send fails.
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
		s.store.records.delivered(m.id) // before the user agent can acknowledge it
		if err := send(m); err != nil {
			return err
		}
	}
}

// next returns the oldest message that this session has not seen. If there is
// none, or none yet, later is when to ask again; nil is never, unless woken.
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
			// Those that were held back come after it in the next session, too.
			s.agent.queue = slices.Insert(slices.Delete(s.agent.queue, i, i+1), given, m)
			m.sentTo = s
			s.agent.release(m)
			return m, nil
		}
	}
	return nil, s.agent.nextRelease()
}

// ack takes a message off the queue, for good. The code is the user agent's own, 0 for none.
func (s *session) ack(id string, code int) {
	s.store.mu.Lock()
	s.agent.queue = slices.DeleteFunc(s.agent.queue, func(m *message) bool { return m.id == id })
	s.store.mu.Unlock()
	s.store.records.acked(id, code)
}
