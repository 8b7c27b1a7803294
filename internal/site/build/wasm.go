package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"pushcall/internal/site/shrink"
)

const (
	wasmName = "web/pushcall.wasm"
	execName = "web/wasm_exec.js"
)

// standIns are small modules below the source that replace large ones in the page's
// program only. The README.md beside them has the reasons and the octets saved.
var standIns = []struct{ module, dir string }{
	{"github.com/pion/datachannel", "internal/site/standin/datachannel"},
	{"github.com/pion/dtls/v2", "internal/site/standin/dtls"},
	{"github.com/pion/ice/v2", "internal/site/standin/ice"},
	{"github.com/pion/interceptor", "internal/site/standin/interceptor"},
	{"github.com/pion/logging", "internal/site/standin/logging"},
	{"github.com/pion/rtp", "internal/site/standin/rtp"},
}

// inlined are the packages compiled with inlining: the runtime, on which all speed
// depends, and cryptography with its arithmetic. The others are compiled without,
// which saves 60 kB of brotli; their speed matters little, since a page mostly waits
// for the browser and the network.
var inlined = []string{"runtime", "internal/runtime/...", "crypto/internal/fips140/...", "filippo.io/...", "math/bits", "internal/byteorder"}

// smaller are settings with which the compiler writes code that takes 10 kB of brotli
// less. It does not try to keep a slice of variable length on the stack, does not look
// for common subexpressions again once it has chosen the instructions, and fills each
// map variable in a function of its own, which the linker leaves out if nobody reads
// the variable.
const smaller = "-d=variablemakethreshold=0,ssa/lowered_cse/off,wrapglobalmapctl=2"

// newCollector is the build tag of Go 1.26's new garbage collector, in a Go that has
// both. The page uses the older one, which takes 8 kB of brotli less, and as long for
// a heap as small as a page's.
const newCollector = "goexperiment.greenteagc"

// errUnknownGo is returned for a version of Go whose programs package shrink cannot
// rewrite: the page's program would be half as large again.
var errUnknownGo = errors.New("not a version of Go that the page's program can be made smaller with")

// compile compiles the package wasm below the folder source. Its output stays in the
// cache, where go build finds it if nothing has changed.
func compile(ctx context.Context, source, cache string) ([]byte, error) {
	cache, err := filepath.Abs(cache)
	if err != nil {
		return nil, err
	}
	modules := filepath.Join(cache, "page.mod")
	if err := writeModules(source, modules); err != nil {
		return nil, err
	}
	output := filepath.Join(cache, filepath.Base(wasmName))
	// Without paths, symbols and commit, which take space and differ between
	// machines.
	args := []string{"build", "-modfile=" + modules, "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-gcflags=all=-l " + smaller}
	for _, packages := range inlined {
		args = append(args, "-gcflags="+packages+"="+smaller)
	}
	tags, err := goCommand(ctx, source, "list", "-f", "{{context.ToolTags}}", "unsafe")
	if err != nil {
		return nil, err
	}
	overlay, err := writeOverlay(ctx, source, cache)
	if err != nil {
		return nil, err
	}
	args = append(args, overlay...)
	var settings []string
	if strings.Contains(string(tags), newCollector) {
		settings = append(settings, "GOEXPERIMENT=nogreenteagc")
	}
	if _, err := goCommandWith(ctx, source, settings, append(args, "-o", output, "./wasm")...); err != nil {
		return nil, err
	}
	program, err := os.ReadFile(output)
	if err != nil {
		return nil, err
	}
	known, err := isKnownGo(ctx)
	if err != nil {
		return nil, err
	}
	if !known {
		return program, nil
	}
	return shrink.Program(program)
}

// checkGo returns an errUnknownGo with instructions, unless this Go is the version
// whose linked programs and standard library the build relies on.
func checkGo(ctx context.Context) error {
	version, err := goCommand(ctx, ".", "env", "GOVERSION")
	if err != nil {
		return err
	}
	installed := strings.TrimSpace(string(version))
	if rest, found := strings.CutPrefix(installed, shrink.GoVersion); found && (rest == "" || strings.IndexByte("0123456789", rest[0]) < 0) {
		return nil
	}
	return fmt.Errorf(`%s is %w: that is %s only.
Either build with that one: Go fetches it by itself with GOTOOLCHAIN=%[3]s.0 or later in the environment.
Or build with this one all the same, and have the program half as large again: make site BUILD=--any-go, or
go run ./internal/site/build --any-go`, installed, errUnknownGo, shrink.GoVersion)
}

// isKnownGo reports whether checkGo accepts this Go.
func isKnownGo(ctx context.Context) (bool, error) {
	err := checkGo(ctx)
	if errors.Is(err, errUnknownGo) {
		return false, nil
	}
	return err == nil, err
}

// writeModules writes the go.mod of the page's program, and go.sum beside it: the
// module's own go.mod with replacements by the stand-ins.
func writeModules(source, modules string) error {
	text, err := os.ReadFile(filepath.Join(source, "go.mod"))
	if err != nil {
		return err
	}
	for _, s := range standIns {
		if _, err := os.Stat(filepath.Join(source, filepath.FromSlash(s.dir))); err == nil {
			text = fmt.Appendf(text, "\nreplace %s => ./%s\n", s.module, s.dir)
		}
	}
	sums, err := os.ReadFile(filepath.Join(source, "go.sum"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(modules), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(strings.TrimSuffix(modules, ".mod")+".sum", sums, 0o644); err != nil {
		return err
	}
	return os.WriteFile(modules, text, 0o644)
}

// wasmExec returns wasm_exec.js of the same Go, changed to keep a U+FEFF at the start
// of a text: its decoder would drop that as a byte order mark.
func wasmExec(ctx context.Context) ([]byte, error) {
	root, err := goRoot(ctx)
	if err != nil {
		return nil, err
	}
	script, err := os.ReadFile(filepath.Join(root, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return nil, err
	}
	decoder := []byte(`new TextDecoder("utf-8")`)
	if bytes.Count(script, decoder) != 1 {
		return nil, errors.New("wasm_exec.js decodes texts in another way")
	}
	return bytes.Replace(script, decoder, []byte(`new TextDecoder("utf-8", { ignoreBOM: true })`), 1), nil
}

func goRoot(ctx context.Context) (string, error) {
	root, err := goCommand(ctx, ".", "env", "GOROOT")
	return strings.TrimSpace(string(root)), err
}

func goCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return goCommandWith(ctx, dir, nil, args...)
}

// goCommandWith runs go with additional environment variables.
func goCommandWith(ctx context.Context, dir string, settings []string, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = dir
	command.Env = append(append(os.Environ(), "GOOS=js", "GOARCH=wasm"), settings...)
	var problems bytes.Buffer
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, problems.Bytes())
	}
	return output, nil
}
