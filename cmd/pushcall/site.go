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

// builtDir is where make puts the page.
const builtDir = "build/site"

// siteHandler serves the built page in dir. Without a dir it is the one in the
// program itself, or where there is none the one that make has built.
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
