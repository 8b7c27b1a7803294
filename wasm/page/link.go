//go:build js && wasm

package page

import (
	"strings"

	"pushcall/wasm/js"
)

// maxLinks is how many links are made of one text: a friend may write thousands.
const maxLinks = 20

// maxAddress is how long an address of a link may be; octets.
const maxAddress = 2048

// run is a part of a text: a link where it has a target.
type run struct{ text, target string }

// linked puts a text that somebody wrote into elements.
func linked(text string) []js.Element {
	var parts []js.Element
	for _, r := range runs(text) {
		if r.target == "" {
			parts = append(parts, js.NewElement("span", r.text))
			continue
		}
		link := js.NewElement("a", r.text)
		link.SetAttribute("href", r.target)
		link.SetAttribute("dir", "ltr") // and apart from what turns the text around it
		link.SetAttribute("target", "_blank")
		link.SetAttribute("rel", "noopener noreferrer nofollow")
		parts = append(parts, link)
	}
	return parts
}

// runs makes links of a text's http and https addresses; all else stays the
// text that it is. What a link says is where it leads, so what would hide that
// is none.
func runs(text string) []run {
	var all []run
	plain := 0 // where the text begins that is no link
	for at, links := 0, 0; links < maxLinks; {
		begin, end := findAddress(text, at)
		if begin < 0 {
			break
		}
		at = end
		link, found := linkTo(text[begin:end])
		if !found {
			continue
		}
		links++
		if plain < begin {
			all = append(all, run{text: text[plain:begin]})
		}
		all = append(all, link)
		plain = end
	}
	if plain < len(text) {
		all = append(all, run{text: text[plain:]})
	}
	return all
}

// findAddress finds the first address from an index on, or returns -1. It ends
// before what cannot be part of one, and before punctuation that is the
// sentence's around it.
func findAddress(text string, from int) (begin, end int) {
	for at := from; ; {
		i := strings.Index(text[at:], "://")
		if i < 0 {
			return -1, -1
		}
		i += at
		begin, at = i-schemeBefore(text[from:i]), i+len("://")
		if begin == i {
			continue
		}
		if length := addressLength(text[at:]); length > 0 {
			return begin, at + length
		}
	}
}

// schemeBefore is the length of http or https at the end of a text, where it is
// a word of its own, or 0. Scripts without spaces may come right before it.
func schemeBefore(text string) int {
	word := len(text) - len(strings.TrimRightFunc(text, func(r rune) bool { return r >= '0' && r <= '9' || r|' ' >= 'a' && r|' ' <= 'z' }))
	if scheme := text[len(text)-word:]; strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") {
		return word
	}
	return 0
}

func addressLength(text string) int {
	if end := strings.IndexFunc(text, endsAddress); end >= 0 {
		text = text[:end]
	}
	if len(text) > maxAddress {
		return 0
	}
	for text != "" {
		last := text[len(text)-1]
		opening := strings.IndexByte("([", map[byte]byte{')': '(', ']': '['}[last])
		unbalanced := opening >= 0 && strings.Count(text, string(last)) > strings.Count(text, "(["[opening:opening+1])
		if !unbalanced && !strings.ContainsRune(`.,;:!?'*_~`, rune(last)) {
			break
		}
		text = text[:len(text)-1]
	}
	return len(text)
}

// endsAddress tells what is no part of an address: spaces, what brackets it in
// a sentence, and what is not seen or turns the direction of what follows. The
// ranges are written out, since the tables of package unicode are large.
func endsAddress(r rune) bool {
	for _, span := range [...][2]rune{
		{0, ' '}, {0x7f, 0xa0}, {0xad, 0xad}, {0x61c, 0x61c}, {0x1680, 0x1680}, {0x180b, 0x180f},
		{0x2000, 0x200f}, {0x2028, 0x202f}, {0x205f, 0x206f}, {0x3000, 0x3000}, {0x3164, 0x3164},
		{0xe000, 0xf8ff}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xfff0, 0xffff}, {0xe0000, 0x10ffff},
	} {
		if r >= span[0] && r <= span[1] {
			return true
		}
	}
	return strings.ContainsRune("<>\"\\^`{|}«»“”„‘’。，！？；：、（）「」", r)
}

// linkTo makes a link of an address. The host is shown as the browser asks for
// it, letters of other scripts in Punycode (RFC 3492). An address with a name
// before its host leads elsewhere than it seems, and is no link.
func linkTo(address string) (run, bool) {
	target, host, err := js.ParseAddress(address)
	// Browsers read more slashes than two as two, so it is their reading that counts.
	if err != nil || strings.Contains(authorityOf(address)+authorityOf(target), "@") {
		return run{}, false
	}
	if strings.EqualFold(authorityOf(address), host) {
		return run{address, target}, true
	}
	return run{target, target}, true
}

// authorityOf cuts the part out of an address that names its host (RFC 3986,
// Section 3.2).
func authorityOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}
