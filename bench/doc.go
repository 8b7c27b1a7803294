// Package bench sets Pushcall beside what others do the same work with: here in
// Go, in *.mjs in two real browsers and in Node. Each reads what the other
// writes, and all that is measured goes into the one table of table.mjs. It is
// a module of its own, with packages of its own, so that Pushcall does not
// depend on what it is measured against.
package bench
