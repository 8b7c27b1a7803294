// Package shrink rewrites a WebAssembly program linked by Go so that it compresses
// to fewer octets. The program behaves as before, except that the trace of a panic
// has no files and lines.
//
//	data   drop the tables for traces, write few segments       traces.go, module.go
//	code   write jumps and addresses in fewer different ways    code.go
//	both   renumber resume points after their basic blocks      places.go
//
// Of a module's sections (WebAssembly Core, Section 5.5) it rewrites these two and
// copies the others.
package shrink

import "errors"

// GoVersion is the prefix of the Go versions whose programs this package can
// rewrite. The layout of a program's memory is not documented and may change with
// each version.
const GoVersion = "go1.26"

var (
	// ErrModule is returned for data that is not a WebAssembly module linked by Go.
	ErrModule = errors.New("shrink: not a WebAssembly module as Go links them")

	// ErrTables is returned for a program whose function tables have an unknown
	// layout.
	ErrTables = errors.New("shrink: tables of functions in a form that is not known")
)

// Program returns the rewritten program. It does not modify its argument.
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
