package jsonobject

import (
	"strconv"
	"strings"

	"github.com/buger/jsonparser"
)

// Builder writes one JSON object with its members in the order of the calls.
// The zero value is an object without members.
type Builder struct {
	text []byte
}

// String adds a string member. Octets that are not UTF-8 become U+FFFD.
func (b *Builder) String(name, text string) *Builder {
	b.name(name)
	b.text = appendQuoted(b.text, text)
	return b
}

// Int adds an integer member.
func (b *Builder) Int(name string, n int64) *Builder {
	b.name(name)
	b.text = strconv.AppendInt(b.text, n, 10)
	return b
}

// Raw adds a member whose value is given as JSON.
func (b *Builder) Raw(name string, json []byte) *Builder {
	b.name(name)
	b.text = append(b.text, json...)
	return b
}

// Bytes returns the object's JSON text.
func (b *Builder) Bytes() []byte {
	if b.text == nil {
		return []byte("{}")
	}
	return append(b.text[:len(b.text):len(b.text)], '}')
}

func (b *Builder) name(name string) {
	if b.text == nil {
		b.text = append(b.text, '{')
	} else {
		b.text = append(b.text, ',')
	}
	b.text = append(appendQuoted(b.text, name), ':')
}

// appendQuoted appends text as a JSON string (RFC 8259, Section 7).
func appendQuoted(b []byte, text string) []byte {
	return append(b, jsonparser.Escape(strings.ToValidUTF8(text, "\ufffd"))...)
}
