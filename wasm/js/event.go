//go:build js && wasm

package js

import "github.com/hack-pad/safejs"

// Listen calls f for every event of a type at an EventTarget (DOM, Section 2.7)
// until undo is called. f must not block.
func Listen(target safejs.Value, event string, f func(event safejs.Value)) (undo func(), err error) {
	callback, err := NewCallback(func(args []safejs.Value) any {
		Guard(func() { f(args[0]) })
		return nil
	})
	if err != nil {
		return nil, Failure("listen for "+event, err)
	}
	if _, err := target.Call("addEventListener", event, callback.Value()); err != nil {
		callback.Release()
		return nil, Failure("listen for "+event, err)
	}
	return func() {
		_, _ = target.Call("removeEventListener", event, callback.Value())
		callback.Release()
	}, nil
}
