package app

import (
	"context"

	"pushcall/call"
)

// Notifier shows notifications of calls, as the service worker does, each under the
// ID of its call.
type Notifier interface {
	// Visible tells whether the person can see the page now.
	Visible() bool
	// AwaitVisible waits until they can.
	AwaitVisible(ctx context.Context) error
	// CloseNotification takes away what is shown of a call.
	CloseNotification(ctx context.Context, call string) error
	// NotifyMissed shows in its place that a call was missed; name is "" for an
	// unknown caller.
	NotifyMissed(ctx context.Context, call, name string) error
}

// notifications lets the page take the place of a call's notification: at once when
// the call has moved on, and of a ring when the person sees the page.
type notifications struct {
	*common
	cancel context.CancelFunc // of the call before; the phone's loop owns it
}

// follow takes the place of a call's notification. It runs on the phone's loop.
func (n *notifications) follow(c call.Call) {
	if n.cancel != nil {
		n.cancel()
	}
	ctx, cancel := context.WithCancel(n.storage.Context())
	n.cancel = cancel
	if c.Outgoing || c.State == call.Idle {
		return
	}
	n.storage.Beside(func() func() {
		if err := n.replace(ctx, c); err != nil && ctx.Err() == nil {
			n.logError(err)
		}
		return nil
	})
}

func (n *notifications) replace(ctx context.Context, c call.Call) error {
	if c.State == call.Ringing {
		if err := n.config.Notifier.AwaitVisible(ctx); err != nil {
			return err
		}
	}
	if c.Missed() && !n.config.Notifier.Visible() {
		name := ""
		if c.Known {
			name = c.Name
		}
		return n.config.Notifier.NotifyMissed(ctx, c.ID.String(), name)
	}
	return n.config.Notifier.CloseNotification(ctx, c.ID.String())
}
