//go:build js && wasm

package browser

import "github.com/hack-pad/safejs"

// listen calls f for every event of a type at an EventTarget, until undone.
func listen(target safejs.Value, event string, f func(event safejs.Value)) (undo func(), err error) {
	callback, err := newCallback(func(args []safejs.Value) any {
		guard(func() { f(args[0]) })
		return nil
	})
	if err != nil {
		return nil, failure("listen for "+event, err)
	}
	if _, err := target.Call("addEventListener", event, callback.value()); err != nil {
		callback.release()
		return nil, failure("listen for "+event, err)
	}
	return func() {
		_, _ = target.Call("removeEventListener", event, callback.value())
		callback.release()
	}, nil
}
