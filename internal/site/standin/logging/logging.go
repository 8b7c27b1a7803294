// Package logging stands in for pion/logging in the page. It declares the type of a
// parameter that pion/webrtc only passes on, to a mux that a page cannot have.
package logging

// A LeveledLogger is never called.
type LeveledLogger interface{}
