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

// CleanFileName returns a safe name for a file that the other peer has named: one
// element of a path, which no operating system takes for a device, a hidden file
// or another folder. It removes the invisible characters that CleanName removes,
// so that the visible end of the name is its real end. It shortens a long name
// before the extension, which stays.
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

// trimEnd removes the dots and spaces that Windows removes from the end of a name.
func trimEnd(name string) string { return strings.TrimRight(name, " .") }

// fit replaces an empty name, renames a device and shortens a long name.
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

// isDevice reports whether Windows treats the name as one of its devices, with
// any extension.
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
