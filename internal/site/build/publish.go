package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

const (
	pageName   = "index.html"
	workerName = "service-worker.js"
	configName = "web/config.json"
)

// hashDigits is how many hexadecimal digits of a SHA-256 go into a name.
const hashDigits = 12

var (
	// errMissing is returned if a file refers to one that does not exist.
	errMissing = errors.New("refers to a file that does not exist")

	// errCircular is returned if files refer to each other in a circle, so that no
	// name can be computed first.
	errCircular = errors.New("refers to itself, perhaps by way of others")
)

// readSources reads the page's files that are not compiled.
func readSources(source string) (map[string][]byte, error) {
	tree := os.DirFS(source)
	files := make(map[string][]byte)
	var err error
	for _, name := range []string{pageName, workerName} {
		if files[name], err = fs.ReadFile(tree, name); err != nil {
			return nil, err
		}
	}
	err = fs.WalkDir(tree, "web", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		files[name], err = fs.ReadFile(tree, name)
		return err
	})
	return files, err
}

// publish returns the files by their published names, with references changed to
// these.
func publish(files map[string][]byte) (map[string][]byte, error) {
	p := publisher{files: files, names: make(map[string]string), page: make(map[string][]byte)}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if _, err := p.publish(name); err != nil {
			return nil, err
		}
	}
	return p.page, nil
}

type publisher struct {
	files map[string][]byte
	names map[string]string // published name by source name; "" while it is computed
	page  map[string][]byte
}

// publish publishes a file, after the files it refers to, and returns its name.
func (p *publisher) publish(name string) (string, error) {
	if published, found := p.names[name]; found {
		if published == "" {
			return "", fmt.Errorf("%s %w", name, errCircular)
		}
		return published, nil
	}
	p.names[name] = ""
	content, err := p.rewrite(name, p.files[name])
	if err != nil {
		return "", err
	}
	published := publishedName(name, content)
	p.names[name] = published
	p.page[published] = content
	return published, nil
}

// publishedName returns the name with a hash of the content before the extension.
func publishedName(name string, content []byte) string {
	if keepsName(name) {
		return name
	}
	extension := path.Ext(name)
	return strings.TrimSuffix(name, extension) + "." + digest(content) + extension
}

// keepsName reports whether a file keeps its name, since people and browsers use it
// at the next visit, or the page's host edits the file.
func keepsName(name string) bool {
	return name == pageName || name == workerName || name == configName
}

func digest(content []byte) string {
	hash := sha256.Sum256(content)
	return hex.EncodeToString(hash[:])[:hashDigits]
}

// reference matches what may be a relative reference: the name of a file
// between quotes, or between the parentheses of a url() in a style sheet.
var reference = regexp.MustCompile("([\"'`(])([\\w./-]+\\.[a-z][a-z0-9]*)([\"'`)?#])")

// rewrite replaces the references in a file by published ones.
func (p *publisher) rewrite(name string, content []byte) ([]byte, error) {
	switch path.Ext(name) {
	case ".html", ".css", ".js", ".webmanifest":
	default:
		return content, nil
	}
	var problem error
	rewritten := reference.ReplaceAllFunc(content, func(match []byte) []byte {
		parts := reference.FindSubmatch(match)
		text, err := p.refer(name, string(parts[2]))
		problem = errors.Join(problem, err)
		return []byte(string(parts[1]) + text + string(parts[3]))
	})
	if name == workerName {
		build, err := p.build()
		problem = errors.Join(problem, err)
		rewritten = bytes.ReplaceAll(rewritten, []byte(buildMark), []byte(build))
	}
	return rewritten, problem
}

// buildMark is the service worker's placeholder for the build's name.
const buildMark = "__BUILD__"

// build returns a name that changes whenever a file of the page changes. It is a
// hash of the document, which contains the hashes of all other files.
func (p *publisher) build() (string, error) {
	_, err := p.publish(pageName)
	return digest(p.page[pageName]), err
}

// refer returns the text that replaces a reference in a file. Text that names no file
// of the page stays, since it may be any other string.
func (p *publisher) refer(from, text string) (string, error) {
	target := p.resolve(from, text)
	if _, found := p.files[target]; !found {
		if strings.HasPrefix(target, "web/") {
			return text, fmt.Errorf("%s %w: %s", from, errMissing, text)
		}
		return text, nil
	}
	if keepsName(target) {
		return text, nil
	}
	published, err := p.publish(target)
	// The file stays in its folder, so only the end of its path changes.
	return strings.TrimSuffix(text, path.Base(target)) + path.Base(published), err
}

// resolve returns the file that a reference names. References in style sheets and
// manifests, and a script's imports, are relative to the file. URLs that a script
// fetches are relative to the page.
func (p *publisher) resolve(from, text string) string {
	beside, atPage := path.Join(path.Dir(from), text), path.Clean(text)
	if _, found := p.files[beside]; path.Ext(from) == ".js" && !found {
		return atPage
	}
	return beside
}
