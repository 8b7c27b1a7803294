// Package shrink makes a program that Go has linked for browsers smaller on the
// line, where it is compressed. It does what it did, but for what the trace of a
// panic shows.
//
//	data   without what only traces show, in few segments    traces.go, module.go
//	code   that says the same in fewer different ways         code.go
//	both   with numbers of places that are those of blocks    places.go
//
// A module is made of sections (WebAssembly Core, Section 5.5), of which two are
// rewritten and the others copied.
package shrink

import "errors"

// GoVersion is how the versions of Go begin whose programs are known here. What
// is in a program's memory has no documented form, and each version may have
// another.
const GoVersion = "go1.26"

var (
	// ErrModule is returned for what is no WebAssembly module as Go links them.
	ErrModule = errors.New("shrink: not a WebAssembly module as Go links them")

	// ErrTables is returned for a program whose tables of functions have a form
	// that is not known.
	ErrTables = errors.New("shrink: tables of functions in a form that is not known")
)

// Program returns a smaller program. The one that is given is not changed.
func Program(program []byte) ([]byte, error) {
	functions, err := knownPlaces(program)
	if err != nil {
		return nil, err
	}
	smaller, numberings, err := rewriteCode(program, functions)
	if err != nil {
		return nil, err
	}
	return rewriteData(smaller, func(memory []byte) error { return dropTraces(memory, numberings) })
}
