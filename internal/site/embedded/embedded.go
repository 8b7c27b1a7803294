//go:build page

// Package embedded has the built page within the program.
//
// The files are not here: internal/dist builds with an overlay (go help build)
// that puts those of build/site below page/, and with the tag page. Without the
// tag there is no page.
package embedded

import (
	"embed"
	"io/fs"
)

//go:embed all:page
var files embed.FS

// Page returns the built page, or nil if the program was built without it.
func Page() fs.FS {
	page, err := fs.Sub(files, "page")
	if err != nil { // only if the name were no path
		return nil
	}
	return page
}
