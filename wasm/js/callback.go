//go:build js && wasm

package js

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

// Callback is a Go function that JavaScript can call until it is released.
type Callback struct{ f safejs.Func }

// NewCallback makes a Callback of f, which must neither block nor panic: see [Guard].
// The caller releases it.
func NewCallback(f func(args []safejs.Value) any) (Callback, error) {
	made, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any { return f(args) })
	if err != nil {
		return Callback{}, err
	}
	liveFuncs.Add(1)
	return Callback{made}, nil
}

// Value returns the function for JavaScript.
func (c Callback) Value() safejs.Value { return c.f.Value() }

// Release frees the function. It must be called exactly once; JavaScript must not
// call the function afterwards.
func (c Callback) Release() {
	c.f.Release()
	liveFuncs.Add(-1)
}
