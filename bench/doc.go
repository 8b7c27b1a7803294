// Package bench sets pushcall/webpush against github.com/SherClockHolmes/webpush-go,
// the usual Go library for Web Push: that each reads what the other writes, and
// what a message costs in time. It is a module of its own, so that Pushcall
// does not depend on what it is measured against.
package bench
