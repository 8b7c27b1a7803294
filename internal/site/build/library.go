package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// standardStandIns replace files of the standard library in the page's program, as
// standIns replace modules.
var standardStandIns = map[string]string{"internal/godebug/godebug.go": "internal/site/standin/godebug/godebug.go"}

// standardEdits leave out of the standard library what a page never uses, but the
// linker cannot know that. The text must be found so many times.
var standardEdits = []struct {
	file, text string
	times      int
	instead    string
}{
	// Nobody traces a page's execution: 13 kB of brotli.
	{"runtime/traceruntime.go", "return trace.enabled\n", 1, "return false\n"},
	{"runtime/traceruntime.go", "return trace.enabledWithAllocFree\n", 1, "return false\n"},
	{"runtime/traceruntime.go", "return tl.gen != 0\n", 1, "return false\n"},

	// Nobody sets GODEBUG: 6 kB.
	{"runtime/mgc.go", "debug.checkfinalizers > 0", 2, "false"},
	{"runtime/mgc.go", "debug.gccheckmark > 0", 3, "false"},
	{"runtime/mgc.go", "debug.gctrace > 0", 1, "false"},
	{"runtime/mgc.go", "debug.gctrace > 1", 3, "false"},
	{"runtime/mgcmark.go", "if useCheckmark {", 2, "if false {"},
	{"runtime/mwbbuf.go", "if useCheckmark {", 1, "if false {"},
	{"runtime/panic.go", "debug.schedtrace > 0 || debug.scheddetail > 0", 1, "false"},

	// Nobody profiles its memory: 1 kB.
	{"runtime/malloc.go", "c.nextSample < 0 || MemProfileRate != c.memProfRate", 5, "false"},

	// The page prints no maps, and nothing in Go's syntax: 6 kB.
	{"fmt/print.go", "sorted := fmtsort.Sort(f)", 1, "var sorted fmtsort.SortedMap"},
	{"fmt/print.go", "if stringer, ok := p.arg.(GoStringer); ok {", 1, "if stringer, ok := p.arg.(GoStringer); false && ok {"},

	// The page deflates with BestCompression only: 1 kB.
	{"compress/flate/deflate.go", "case level == BestSpeed:", 1, "case false:"},
}

// writeOverlay writes an overlay that changes the standard library for a page that is
// built from the source, and returns go build's arguments for it; none for a Go whose
// library is another, or a source without stand-ins.
func writeOverlay(ctx context.Context, source, cache string) ([]string, error) {
	replace, err := replaceLibrary(source)
	if err != nil || len(replace) == 0 {
		return nil, err
	}
	if known, err := isKnownGo(ctx); err != nil || !known {
		return nil, err
	}
	root, err := goRoot(ctx)
	if err != nil {
		return nil, err
	}
	library := filepath.Join(root, "src")
	if err := editLibrary(library, cache, replace); err != nil {
		return nil, err
	}
	absolute := map[string]string{}
	for file, by := range replace {
		absolute[filepath.Join(library, filepath.FromSlash(file))] = by
	}
	text, err := json.Marshal(map[string]any{"Replace": absolute})
	if err != nil {
		return nil, err
	}
	overlay := filepath.Join(cache, "overlay.json")
	return []string{"-overlay=" + overlay}, os.WriteFile(overlay, text, 0o644)
}

// replaceLibrary returns the stand-ins that the source has, by the files of the
// standard library that they replace.
func replaceLibrary(source string) (map[string]string, error) {
	replace := map[string]string{}
	for file, in := range standardStandIns {
		standIn, err := filepath.Abs(filepath.Join(source, filepath.FromSlash(in)))
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(standIn); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		replace[file] = standIn
	}
	return replace, nil
}

// editLibrary writes the edited files of the standard library into the cache, and adds
// them to the files that are replaced.
func editLibrary(library, cache string, replace map[string]string) error {
	edited := map[string]string{}
	for _, e := range standardEdits {
		text, found := edited[e.file]
		if !found {
			original, err := os.ReadFile(filepath.Join(library, filepath.FromSlash(e.file)))
			if err != nil {
				return err
			}
			text = string(original)
		}
		if n := strings.Count(text, e.text); n != e.times {
			return fmt.Errorf("%s has %q %d times, not %d times", e.file, e.text, n, e.times)
		}
		edited[e.file] = strings.ReplaceAll(text, e.text, e.instead)
	}
	for file, text := range edited {
		replace[file] = filepath.Join(cache, "_library", filepath.FromSlash(file)) // not a package of ./...
		if err := os.MkdirAll(filepath.Dir(replace[file]), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(replace[file], []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
