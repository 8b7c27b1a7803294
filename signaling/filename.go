package signaling

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxFileName  = 200 // ours; octets of UTF-8: file systems take 255, and programs add to names
	maxExtension = 32  // ours; octets, with the dot
	noFileName   = "file"
)

// CleanFileName makes the name of a file to keep of what somebody says its name
// is: one element of a path, which no system takes for a device, a hidden file
// or a place elsewhere. Invisible characters are left out as CleanName leaves
// them out, so that the end of the name is where it is seen to be. A name that
// is too long loses from its middle: the extension stays.
func CleanFileName(name string) string {
	var clean []rune
	marks := maxMarks // on the last letter; there is none yet
	for _, r := range name {
		blank := isBlank(r)
		switch {
		case r == '/' || r == '\\': // all before it is a folder
			clean, marks = clean[:0], maxMarks
			continue
		case len(clean) == 0 && (blank || r == '.'):
			continue
		case blank:
			if r, marks = ' ', maxMarks; clean[len(clean)-1] == ' ' {
				continue
			}
		case isInvisible(r):
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				continue
			}
		case strings.ContainsRune(`<>:"|?*`, r): // Microsoft, Naming Files, Paths, and Namespaces
			r, marks = '_', 0
		default:
			marks = 0
		}
		clean = append(clean, r)
	}
	return fit(trimEnd(string(clean)))
}

// trimEnd removes what Windows would.
func trimEnd(name string) string { return strings.TrimRight(name, " .") }

// fit finishes a name of visible characters.
func fit(name string) string {
	if name == "" {
		return noFileName
	}
	if isDevice(name) {
		name = "_" + name
	}
	if len(name) <= maxFileName {
		return name
	}
	extension := ""
	if i := strings.LastIndexByte(name, '.'); len(name)-i <= maxExtension {
		name, extension = name[:i], name[i:]
	}
	end := maxFileName - len(extension)
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return trimEnd(name[:end]) + extension
}

// isDevice reports whether Windows takes a name for one of its devices,
// whatever its extension.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}, stem) {
		return true
	}
	port, isPort := strings.CutPrefix(stem, "COM")
	if !isPort {
		port, isPort = strings.CutPrefix(stem, "LPT")
	}
	return isPort && utf8.RuneCountInString(port) == 1 && strings.ContainsAny(port, "0123456789¹²³")
}
