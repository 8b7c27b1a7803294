package call

import "context"

type unaskedKey struct{}

// unaskedContext is a context with one value. context.WithValue would be larger, and the
// program uses it nowhere else.
type unaskedContext struct{ context.Context }

func (c unaskedContext) Value(key any) any {
	if key == (unaskedKey{}) {
		return true
	}
	return c.Context.Value(key)
}

// Unasked returns a context that marks a push to somebody whom the person has neither
// called nor answered.
func Unasked(ctx context.Context) context.Context { return unaskedContext{ctx} }

// IsUnasked reports whether the context of a Config.Push is marked by Unasked: the person
// has neither called nor answered the receiver. Anybody can ring with a card that names a
// server of their own as the push service. The push must not show that server this phone's
// network address.
func IsUnasked(ctx context.Context) bool { return ctx.Value(unaskedKey{}) != nil }
