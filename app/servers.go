package app

import (
	"context"
	"net/url"
	"sync/atomic"

	"pushcall/call"
	"pushcall/internal/config"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Sender pushes messages.
type Sender interface {
	// CanPush tells why nobody here can push to a card.
	CanPush(to signaling.Card) error
	// Push and Prepare are those of call.Config.
	Push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error
	Prepare(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) (arm func() (disarm func()), err error)
	// NeedsRelay tells whether only a relay can pass a message on to a card's push
	// service, as far as is known.
	NeedsRelay(to signaling.Card) bool
	// SetRelays has other relays used from now on.
	SetRelays(relays []*url.URL)
}

// Peers makes peer connections.
type Peers interface {
	// NewPeer makes a peer that uses these servers and reports to events.
	NewPeer(servers []config.ICEServer, events call.PeerEvents) (call.Peer, error)
	// Gather finds out how this browser can be reached, until it has all, or
	// enough, or ctx ends.
	Gather(ctx context.Context, servers []config.ICEServer, events GatherEvents) error
}

// Servers are the servers and relays in use: the host's, or the person's own.
type Servers struct {
	*common
	set     atomic.Pointer[serverSet]
	changed func() // tells that others are in use
}

// serverSet does not change.
type serverSet struct {
	own   config.Own     // what the person has in place of the host's
	setup *config.Config // the host's, with it
}

// load uses the person's servers that were saved, or the host's where those are of
// no use any more.
func (s *Servers) load(saved map[string]string) error {
	s.set.Store(&serverSet{setup: s.config.Host})
	return s.use(config.Own{
		Servers:    saved[settingServers],
		Username:   saved[settingUsername],
		Credential: saved[settingPassword],
		Relay:      saved[settingRelay],
	})
}

// Own returns what the person has in place of the host's servers and relay, and
// what the host has.
func (s *Servers) Own() (own, host config.Own) {
	return s.set.Load().own, s.config.Host.Host()
}

// SetOwn saves what the person has of their own, for the next call and those after
// it. A [config.FieldError] says what is wrong with it.
func (s *Servers) SetOwn(ctx context.Context, own config.Own) error {
	if err := s.use(own); err != nil {
		return err
	}
	s.changed()
	return s.saveAll(ctx, map[string]string{
		settingServers:  own.Servers,
		settingUsername: own.Username,
		settingPassword: own.Credential,
		settingRelay:    own.Relay,
	})
}

func (s *Servers) use(own config.Own) error {
	setup, err := s.config.Host.With(own)
	if err != nil {
		return err
	}
	s.set.Store(&serverSet{own, setup})
	s.config.Sender.SetRelays(setup.Relays)
	return nil
}

// newPeer makes the peer of a call.
func (s *Servers) newPeer(events call.PeerEvents) (call.Peer, error) {
	return s.config.Peers.NewPeer(s.set.Load().setup.ICEServers, events)
}

// farthest is the kind of candidate that takes longest to gather with the servers
// in use.
func (s *Servers) farthest() signaling.CandidateType {
	setup := s.set.Load().setup
	switch {
	case setup.TURN():
		return signaling.Relayed
	case len(setup.ICEServers) > 0:
		return signaling.ServerReflexive
	default:
		return signaling.Host
	}
}
