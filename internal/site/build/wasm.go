package main

import (
	"bytes"
	"context"
	"encoding/json"
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

// standIns are folders below the source with small modules that take the
// place of large ones in the page's program, and only there: what for, and for
// how much, is in the README.md beside them.
var standIns = []struct{ module, dir string }{
	{"github.com/pion/datachannel", "internal/site/standin/datachannel"},
	{"github.com/pion/dtls/v2", "internal/site/standin/dtls"},
	{"github.com/pion/ice/v2", "internal/site/standin/ice"},
	{"github.com/pion/interceptor", "internal/site/standin/interceptor"},
	{"github.com/pion/logging", "internal/site/standin/logging"},
	{"github.com/pion/rtp", "internal/site/standin/rtp"},
}

// standardStandIn takes the place of a file of the standard library in the same
// way.
var standardStandIn = struct{ file, in string }{"internal/godebug/godebug.go", "internal/site/standin/godebug/godebug.go"}

// inlined are the packages that are compiled as usual: the runtime, which all
// else waits for, and cryptography with the arithmetic that it is made of. In
// the others no function is copied to where it is called, which takes 60 kB of
// brotli off the program, while a page waits for the browser and the network.
var inlined = []string{"runtime", "internal/runtime/...", "crypto/...", "filippo.io/...", "math/bits", "internal/byteorder"}

// newCollector is Go 1.26's new garbage collector, as go list names it where
// there is a choice. The one before takes 8 kB of brotli less, and as long for
// a heap as small as a page's.
const newCollector = "goexperiment.greenteagc"

// errUnknownGo is returned for a version of Go whose programs are not known to
// package shrink: what it linked would be served half as large again.
var errUnknownGo = errors.New("not a version of Go that the page's program can be made smaller with")

// compile compiles the package wasm below the folder source. What it writes
// stays in the cache, where go build finds it when nothing has changed.
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
	// No paths, no symbols and no commit: they would take space and differ
	// from one machine to the next.
	args := []string{"build", "-modfile=" + modules, "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-gcflags=all=-l"}
	for _, packages := range inlined {
		args = append(args, "-gcflags="+packages+"=")
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

// checkGo returns an errUnknownGo that says how to go on, if this Go is not the
// one whose programs and whose standard library's insides are known here.
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

// isKnownGo reports whether checkGo finds nothing wrong with this Go.
func isKnownGo(ctx context.Context) (bool, error) {
	err := checkGo(ctx)
	if errors.Is(err, errUnknownGo) {
		return false, nil
	}
	return err == nil, err
}

// writeOverlay returns the arguments of go build that have the stand-in taken for
// a file of the standard library, or none where there is none.
func writeOverlay(ctx context.Context, source, cache string) ([]string, error) {
	standIn, err := filepath.Abs(filepath.Join(source, filepath.FromSlash(standardStandIn.in)))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(standIn); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if known, err := isKnownGo(ctx); err != nil || !known {
		return nil, err
	}
	root, err := goRoot(ctx)
	if err != nil {
		return nil, err
	}
	replace := map[string]string{filepath.Join(root, "src", filepath.FromSlash(standardStandIn.file)): standIn}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	overlay := filepath.Join(cache, "overlay.json")
	return []string{"-overlay=" + overlay}, os.WriteFile(overlay, text, 0o644)
}

// writeModules writes the go.mod of the page's program, and its go.sum beside
// it: the module's own, and the stand-ins that there are.
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

// wasmExec reads the script that runs what the same Go compiles, and has it keep
// a U+FEFF that a text begins with: a decoder takes that for a byte order mark.
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

// goCommandWith runs go with more settings in its environment.
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
