// Command dist builds the distribution:
//
//	site/                       the built page, for any static host
//	pushcall-linux-amd64, …     one program each, with the page in it
//	nginx.conf, pushcall.service, …
//	                            examples of how to run them
//	SHA256SUMS                  of all of it: sha256sum -c SHA256SUMS
//
// Builds are reproducible: the same sources and the same Go give the same octets.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// platforms are the platforms of the programs.
var platforms = []string{
	"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64",
}

// options are the command's flags.
type options struct {
	source    string // the folder of go.mod
	site      string // the folder of the built page
	out       string // the folder to replace by the distribution
	platforms []string
}

func main() {
	log.SetFlags(0)
	o := options{platforms: platforms}
	flag.StringVar(&o.source, "source", ".", "`folder` that go.mod is in")
	flag.StringVar(&o.site, "site", "build/site", "`folder` with the built page")
	flag.StringVar(&o.out, "out", "build/dist", "`folder` to pack into; its content is replaced")
	flag.Func("platform", "`GOOS/GOARCH` to make a program for, in place of all; may be repeated", func(text string) error {
		if !slices.Contains(platforms, text) {
			return fmt.Errorf("it has to be one of %s", strings.Join(platforms, ", "))
		}
		if len(o.platforms) == len(platforms) {
			o.platforms = nil
		}
		o.platforms = append(o.platforms, text)
		return nil
	})
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := pack(ctx, o); err != nil {
		log.Fatalf("The distribution could not be packed: %v", err)
	}
}

// pack builds the distribution.
func pack(ctx context.Context, o options) error {
	if _, err := os.Stat(filepath.Join(o.site, "index.html")); err != nil {
		return fmt.Errorf("there is no built page, make site builds it: %w", err)
	}
	fresh := o.out + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(fresh, "site"), os.DirFS(o.site)); err != nil {
		return err
	}
	if err := os.CopyFS(fresh, os.DirFS(filepath.Join(o.source, "deploy"))); err != nil {
		return err
	}
	if err := compile(ctx, o, fresh); err != nil {
		return err
	}
	if err := writeSums(fresh); err != nil {
		return err
	}
	if err := os.RemoveAll(o.out); err != nil {
		return err
	}
	return os.Rename(fresh, o.out)
}

// compile builds the programs, each with the page below site/ embedded.
func compile(ctx context.Context, o options, into string) (err error) {
	overlay, err := writeOverlay(o, filepath.Join(into, "site"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(overlay)) }()
	into, err = filepath.Abs(into)
	if err != nil {
		return err
	}
	for _, platform := range o.platforms {
		goos, goarch, _ := strings.Cut(platform, "/")
		name := "pushcall-" + goos + "-" + goarch
		if goos == "windows" {
			name += ".exe"
		}
		// Without paths, symbols and commit, like the page's own program.
		command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=",
			"-tags=page", "-overlay="+overlay, "-o", filepath.Join(into, name), "./cmd/pushcall")
		command.Dir = o.source
		command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch)
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("go build for %s: %w\n%s", platform, err, output)
		}
		log.Printf("Made %s.", name)
	}
	return nil
}

// embeddedPage is the folder that internal/site/embedded embeds.
const embeddedPage = "internal/site/embedded/page"

// writeOverlay writes an overlay (go help build) that adds the built page to the
// sources as embeddedPage, and returns the overlay's name.
func writeOverlay(o options, site string) (string, error) {
	source, err := filepath.Abs(o.source)
	if err != nil {
		return "", err
	}
	if site, err = filepath.Abs(site); err != nil {
		return "", err
	}
	replace := make(map[string]string)
	err = fs.WalkDir(os.DirFS(site), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			replace[filepath.Join(source, filepath.FromSlash(path.Join(embeddedPage, name)))] = filepath.Join(site, filepath.FromSlash(name))
		}
		return err
	})
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file, err := os.CreateTemp("", "pushcall-overlay-*.json")
	if err != nil {
		return "", err
	}
	_, err = file.Write(text)
	return file.Name(), errors.Join(err, file.Close())
}

// writeSums writes the checksums of all files.
func writeSums(dir string) error {
	tree := os.DirFS(dir)
	var sums bytes.Buffer
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(tree, name)
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), name)
		return err
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), sums.Bytes(), 0o644)
}
