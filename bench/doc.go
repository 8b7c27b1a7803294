// Package bench compares Pushcall with other libraries for the same tasks: here in
// Go, and in *.mjs in two real browsers and in Node. It also tests that each side
// reads the other's output. table.mjs prints all measurements as one table. bench is a
// separate module, so that Pushcall does not depend on the other libraries.
package bench
