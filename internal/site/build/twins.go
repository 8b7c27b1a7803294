package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/andybalholm/brotli"
)

const (
	// minCompressed is the smallest size worth compressing, in octets: below it,
	// compression saves no packet.
	minCompressed = 1 << 10

	// cacheTime is how long the cache keeps a compressed file that no build uses.
	cacheTime = 7 * 24 * time.Hour
)

// addTwins adds the brotli and gzip twins of the files that they make smaller.
func addTwins(files map[string][]byte, cache twinCache) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if content := files[name]; len(content) >= minCompressed && isCompressible(name) {
			for _, coding := range codings {
				twin, err := cache.compress(name, content, coding)
				if err != nil {
					return err
				}
				if len(twin) < len(content) {
					files[name+coding.extension] = twin
				}
			}
		}
	}
	return cache.prune()
}

func isCompressible(name string) bool {
	switch path.Ext(name) {
	case ".html", ".css", ".js", ".json", ".webmanifest", ".wasm", ".svg", ".txt", ".ico":
		return true
	}
	return false
}

// isTwin reports whether a file of the built page is another one's compressed twin.
func isTwin(name string) bool {
	return slices.ContainsFunc(codings, func(c coding) bool { return path.Ext(name) == c.extension })
}

// A coding is a content coding.
type coding struct {
	extension string
	writer    func(w io.Writer, quality int) (io.WriteCloser, error)
}

var codings = []coding{
	{".br", func(w io.Writer, quality int) (io.WriteCloser, error) {
		return brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: quality, LGWin: 24}), nil // the largest window
	}},
	{".gz", func(w io.Writer, _ int) (io.WriteCloser, error) {
		return gzip.NewWriterLevel(w, gzip.BestCompression)
	}},
}

// twinCache is a folder of compressed files, named after the hash of the original.
type twinCache struct {
	dir     string
	quality int
}

func (c twinCache) compress(name string, content []byte, coding coding) ([]byte, error) {
	cached := filepath.Join(c.dir, fmt.Sprintf("%x-%d%s", sha256.Sum256(content), c.quality, coding.extension))
	twin, err := os.ReadFile(cached)
	if err == nil {
		now := time.Now()
		return twin, os.Chtimes(cached, now, now)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(content) >= 1<<20 {
		log.Printf("Compressing %s%s, which can take half a minute.", path.Base(name), coding.extension)
	}
	var compressed bytes.Buffer
	writer, err := coding.writer(&compressed, c.quality)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Write(content); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return compressed.Bytes(), c.keep(cached, compressed.Bytes())
}

// keep writes a file atomically, so that an interrupted build leaves no partial file.
func (c twinCache) keep(cached string, content []byte) error {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(cached+".new", content, 0o644); err != nil {
		return err
	}
	return os.Rename(cached+".new", cached)
}

// prune removes files that no build has used for cacheTime.
func (c twinCache) prune() error {
	for _, coding := range codings {
		old, err := filepath.Glob(filepath.Join(c.dir, "*"+coding.extension))
		if err != nil {
			return err
		}
		for _, name := range old {
			info, err := os.Stat(name)
			if err == nil && time.Since(info.ModTime()) > cacheTime {
				err = os.Remove(name)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
