//go:build page

// Package embedded embeds the built page in the program.
//
// The files are not in this folder: internal/dist builds with the tag page and with
// an overlay (go help build) that puts the files of build/site below page/. Without
// the tag there is no page.
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
	if err != nil { // only for an invalid path
		return nil
	}
	return page
}
