package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"

	"pushcall/internal/site"
	"pushcall/internal/site/embedded"
)

// builtDir is the folder of the page that make builds.
const builtDir = "build/site"

// siteHandler serves the built page in dir. If dir is "", it serves the page embedded
// in the program, or if there is none, the page in builtDir.
func siteHandler(dir string, options site.Options) (http.Handler, error) {
	if page := embedded.Page(); page != nil && dir == "" {
		return site.Handler(page, options)
	}
	if dir == "" {
		dir = builtDir
	}
	handler, err := site.Handler(os.DirFS(dir), options)
	if errors.Is(err, site.ErrNotBuilt) || errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no built page in %s; make run builds it", dir)
	}
	return handler, err
}
