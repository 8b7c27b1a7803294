// Command build builds the page from its sources:
//
//	index.html, service-worker.js, web/   copied
//	wasm/                                 compiled to web/pushcall.wasm, and made smaller (internal/site/shrink)
//	$GOROOT/lib/wasm/wasm_exec.js         copied into web/
//
// It adds a hash of the content to the name of every file below web/ except
// config.json, and changes references accordingly. So a browser may cache such a file
// for ever, and never mixes files of two builds. It writes a brotli and a gzip twin
// beside each file that they make smaller, the header fields for static hosts to
// _headers, and checksums to SHA256SUMS.
//
// Builds are reproducible: the same sources and the same Go give the same octets.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"

	"github.com/andybalholm/brotli"

	"pushcall/internal/site"
)

// options are the command's flags.
type options struct {
	source  string // the folder of index.html
	out     string // the folder to replace by the built page
	cache   string // the folder that keeps compressed files from build to build
	quality int    // of brotli; 11 is the smallest and takes 17 s for the page
}

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatalf("The page could not be built: %v", err)
	}
}

// run builds the page with the command's arguments.
func run(ctx context.Context, args []string) error {
	var o options
	flags := flag.NewFlagSet("build", flag.ExitOnError)
	flags.StringVar(&o.source, "source", ".", "`folder` that index.html is in")
	flags.StringVar(&o.out, "out", "build/site", "`folder` to put the page in; its content is replaced")
	flags.StringVar(&o.cache, "cache", "build/cache", "`folder` to keep compressed files in for the next time")
	flags.IntVar(&o.quality, "quality", brotli.BestCompression, "brotli `quality`, 0 to 11")
	anyGo := flags.Bool("any-go", false, "build with a version of Go that is not known, too: the program is half as large again")
	if err := flags.Parse(args); err != nil { // ExitOnError: never
		return err
	}
	if err := checkGo(ctx); err != nil && !(*anyGo && errors.Is(err, errUnknownGo)) {
		return err
	}
	return build(ctx, o)
}

func build(ctx context.Context, o options) error {
	files, err := readSources(o.source)
	if err != nil {
		return err
	}
	log.Print("Compiling the page's program; the first time takes a minute.")
	if files[wasmName], err = compile(ctx, o.source, o.cache); err != nil {
		return err
	}
	if files[execName], err = wasmExec(ctx); err != nil {
		return err
	}
	page, err := publish(files)
	if err != nil {
		return err
	}
	if err := addTwins(page, twinCache{o.cache, o.quality}); err != nil {
		return err
	}
	page[headersName] = site.HeadersFile(slices.DeleteFunc(slices.Sorted(maps.Keys(page)), isTwin))
	page[sumsName] = sums(page)
	return replace(o.out, page)
}

const (
	headersName = "_headers"
	sumsName    = "SHA256SUMS"
)

// sums returns the files' checksums in the format of sha256sum.
func sums(files map[string][]byte) []byte {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(files[name]), name)
	}
	return b.Bytes()
}

// replace replaces the content of the folder out by the files.
func replace(out string, files map[string][]byte) error {
	fresh := out + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(fresh, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.Rename(fresh, out); err != nil {
		return fmt.Errorf("the finished page is in %s: %w", fresh, err)
	}
	return nil
}
