//go:build js && wasm

package browser

import (
	"sync/atomic"

	"github.com/hack-pad/safejs"
)

// liveFuncs counts the callbacks that are not released.
var liveFuncs atomic.Int64

// LiveFuncs returns how many Go functions JavaScript can call at the moment. A
// page that has been at rest for a while has as many as it had before: what
// grows is a leak.
func LiveFuncs() int { return int(liveFuncs.Load()) }

// callback is a Go function that JavaScript can call, until it is released.
type callback struct{ f safejs.Func }

func newCallback(f func(args []safejs.Value) any) (callback, error) {
	made, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any { return f(args) })
	if err != nil {
		return callback{}, err
	}
	liveFuncs.Add(1)
	return callback{made}, nil
}

func (c callback) value() safejs.Value { return c.f.Value() }

// release must be called once.
func (c callback) release() {
	c.f.Release()
	liveFuncs.Add(-1)
}
