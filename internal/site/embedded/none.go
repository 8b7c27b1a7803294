//go:build !page

// Package embedded has the built page within the program.
package embedded

import "io/fs"

// Page returns the built page, or nil if the program was built without it.
func Page() fs.FS { return nil }
