//go:build !page

// Package embedded embeds the built page in the program.
package embedded

import "io/fs"

// Page returns the built page, or nil if the program was built without it.
func Page() fs.FS { return nil }
