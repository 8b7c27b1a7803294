// Package site serves the built page.
//
// A built site (see internal/site/build) is a folder like this:
//
//	index.html             these keep their names,
//	service-worker.js      so they are asked for anew each time
//	web/config.json
//	web/boot.1b2c3d4e.js   all else has a hash of its content in its name
//	web/boot.1b2c3d4e.js.br
//	web/boot.1b2c3d4e.js.gz
//	SHA256SUMS             for who wants to check what a host serves
//	_headers               for hosts that read it, and not served
//
// Files that end in .br and .gz are the brotli (RFC 7932) and gzip (RFC 1952)
// twins of the files they stand beside. A browser gets the variant that it prefers
// (RFC 9110, Section 12.5.3).
//
// The handler reads the whole site into memory when it is made. So no request,
// with whatever path, reads the file system, and a page never gets files of two
// builds if the site is rebuilt meanwhile.
package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ErrNotBuilt is returned for a folder without a built page.
var ErrNotBuilt = errors.New("site: there is no index.html")

const (
	pageName   = "index.html"
	configName = "web/config.json"
)

// hashed matches names with a hash of the content: 8 or more hexadecimal digits
// before the extension.
var hashed = regexp.MustCompile(`^web/.*\.[0-9a-f]{8,}\.[a-z0-9]+$`)

// A file is one resource of the site in all of its encodings.
type file struct {
	contentType  string
	cacheControl string
	variants     []variant // the unencoded one first
}

// A variant is a file in one content coding.
type variant struct {
	coding string // "" for none
	etag   string // RFC 9110, Section 8.8.3: strong, so each coding has its own
	body   []byte
}

// Options are the options of Handler.
type Options struct {
	// Config replaces web/config.json, unless it is nil.
	Config []byte

	// Local lets the page connect to push services and relays on the visitor's own
	// machine, such as those of a lab.
	Local bool
}

// Handler serves the site in files.
func Handler(files fs.FS, options Options) (http.Handler, error) {
	found, err := read(files)
	if err != nil {
		return nil, err
	}
	if found[pageName] == nil {
		return nil, ErrNotBuilt
	}
	if options.Config != nil {
		found[configName] = newFile(configName, options.Config)
	}
	return site{found, policies(options.Local)}, nil
}

// site is the handler of a site.
type site struct {
	files    map[string]*file
	policies []field
}

func read(files fs.FS) (map[string]*file, error) {
	site := make(map[string]*file)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(entry.Name(), ".") && entry.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(entry.Name(), "."), strings.HasPrefix(entry.Name(), "_"), !entry.Type().IsRegular(), isTwin(name):
			return nil
		}
		site[name], err = readFile(files, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	return site, nil
}

func isTwin(name string) bool {
	extension := path.Ext(name)
	return extension == ".br" || extension == ".gz"
}

func readFile(files fs.FS, name string) (*file, error) {
	body, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	f := newFile(name, body)
	for _, twin := range []struct{ coding, extension string }{{"br", ".br"}, {"gzip", ".gz"}} {
		body, err := fs.ReadFile(files, name+twin.extension)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		f.variants = append(f.variants, newVariant(twin.coding, body))
	}
	return f, nil
}

func newFile(name string, body []byte) *file {
	return &file{
		contentType:  contentType(name),
		cacheControl: cacheControl(name),
		variants:     []variant{newVariant("", body)},
	}
}

func newVariant(coding string, body []byte) variant {
	hash := sha256.Sum256(body)
	return variant{coding, `"` + hex.EncodeToString(hash[:16]) + `"`, body}
}

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	for _, policy := range s.policies {
		header.Set(policy.name, policy.value)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "The page can only be read.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = pageName
	}
	f := s.files[name]
	if f == nil {
		header.Set("Cache-Control", "no-cache")
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	f.serve(w, r)
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	chosen := f.variants[0]
	header := w.Header()
	if len(f.variants) > 1 {
		header.Set("Vary", "Accept-Encoding")
		chosen = choose(f.variants, r.Header.Values("Accept-Encoding"))
	}
	header.Set("Content-Type", f.contentType)
	header.Set("Cache-Control", f.cacheControl)
	header.Set("ETag", chosen.etag)
	if chosen.coding != "" {
		header.Set("Content-Encoding", chosen.coding)
		// ServeContent sends no length with a Content-Encoding.
		header.Set("Content-Length", strconv.Itoa(len(chosen.body)))
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(chosen.body))
}
