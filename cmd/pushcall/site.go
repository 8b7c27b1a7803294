package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"

	"pushcall/internal/site"
)

// siteHandler serves the built page in dir. Unless it is nil, config takes the
// place of the page's web/config.json.
func siteHandler(dir string, config []byte) (http.Handler, error) {
	handler, err := site.Handler(os.DirFS(dir), config)
	if errors.Is(err, site.ErrNotBuilt) || errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no built page in %s; make run builds it", dir)
	}
	return handler, err
}
