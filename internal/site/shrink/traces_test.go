package shrink

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fixture is a program that uses the runtime's function tables in each way, and panics.
const fixture = `package main

import "runtime"

type value int

func (value) method() {}

func main() {
	println(recovered(func() { panic("recovered") }).(string))
	println(recovered(func() { deep(100, func() { panic("from deep down") }) }).(string))

	// What calls a method of a value by way of a nil pointer finds out its own name.
	var nothing *value
	println(recovered(interface{ method() }(nothing).method).(error).Error())

	var n int
	println(sum(20_000, &n))
	go func() { fails(nil) }()
	select {}
}

func recovered(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return nil
}

func deep(n int, f func()) {
	defer func() { n++ }()
	if n == 0 {
		f()
	}
	deep(n-1, f)
}

// sum has each of its frames point at the one before, while the stack is
// moved to grow, and what it points at is collected but for what is in use.
func sum(n int, before *int) int {
	if n == 0 {
		runtime.GC()
		return *before
	}
	kept := new(int)
	here := *before + 1
	result := sum(n-1, &here)
	*kept = result
	runtime.KeepAlive(kept)
	return *kept
}

func fails(nothing *int) { *nothing = 1 }
`

func TestTraces(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module fixture\n\ngo 1.26.0\n", "main.go": fixture} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	runGo(t, dir, "build", "-ldflags=-s -w", "-gcflags=-l", "-o", "linked.wasm")
	linked, program := shrunk(t, filepath.Join(dir, "linked.wasm"))
	said, err := inNode(t, dir, program)
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("a program that panics ends with %v", err)
	}
	for _, want := range []string{
		`^recovered\nfrom deep down\nvalue method main\.value\.method called using nil \*value pointer\n20000\n`,
		`panic: runtime error: invalid memory address or nil pointer dereference`,
		`\nmain\.fails\(\)\n\t\?:0 \+0x[0-9a-f]+\n`, // its name and the place in it, but no line
		`\ncreated by main\.main in goroutine 1\n`,
	} {
		if !regexp.MustCompile(want).Match(said) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	if file := []byte("main.go"); !bytes.Contains(linked, file) || bytes.Contains(program, file) {
		t.Error("names of files are not in the program that was linked, or in the smaller one")
	}
}

// Tables of an unknown layout are an error.
func TestUnknownTables(t *testing.T) {
	header := pcHeaderMagic + strings.Repeat("\x00", 64)
	for _, memory := range []string{"", header, header + strings.Repeat("\x00", 16), header + strings.Repeat("\x00", 400)} {
		if err := dropTraces([]byte(memory), nil); !errors.Is(err, ErrTables) {
			t.Errorf("%d octets: %v", len(memory), err)
		}
	}
}
