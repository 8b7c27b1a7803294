package app

import (
	"context"

	"pushcall/call"
	"pushcall/files"
	"pushcall/webpush"
)

// Sharing sends files that another program has shared with the page to a contact
// whom the person chooses: a page of anybody's may share files, too, so none is sent
// by itself.
type Sharing struct {
	*common
	calls *Calls
	files *Files

	// The storage loop owns these.
	waiting []files.Source // for the call
	to      webpush.PublicKey
}

// SendTo, after Line.Prepare, calls a contact, and offers them the files once they
// have answered. If the call does not get that far, nothing is sent, nor in the next.
func (s *Sharing) SendTo(ctx context.Context, to webpush.PublicKey, shared []files.Source) error {
	s.storage.Post(func() { s.waiting, s.to = shared, to })
	err := s.calls.CallContact(ctx, to, false)
	if err != nil {
		s.storage.Post(func() { s.waiting = nil })
	}
	return err
}

// follow sends the files in the call that they wait for. It runs on the phone's loop.
func (s *Sharing) follow(c call.Call) {
	if c.State != call.Connected && c.State != call.Ended {
		return
	}
	s.storage.Post(func() {
		if c.State == call.Connected && c.Remote.Identity == s.to {
			for _, file := range s.waiting {
				s.files.SendFile(file)
			}
		}
		s.waiting = nil
	})
}
