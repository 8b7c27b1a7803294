package call

import "context"

type unaskedKey struct{}

// unaskedContext is a context.WithValue, which this program has no other use for.
type unaskedContext struct{ context.Context }

func (c unaskedContext) Value(key any) any {
	if key == (unaskedKey{}) {
		return true
	}
	return c.Context.Value(key)
}

// Unasked marks the context of a Config.Push to somebody whom the person has
// neither called nor answered.
func Unasked(ctx context.Context) context.Context { return unaskedContext{ctx} }

// IsUnasked reports, of the context of a Config.Push, that the person has neither
// called nor answered its receiver. Anybody can ring, with a card that names a
// server of their own as the push service: the message must not show it this
// phone's network address.
func IsUnasked(ctx context.Context) bool { return ctx.Value(unaskedKey{}) != nil }
