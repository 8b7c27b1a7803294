// Package jsonobject reads and writes JSON objects (RFC 8259) without reflection.
//
// Cards, signed messages, in-band messages and the page's configuration are
// small objects of strings and integers. For these, encoding/json would add 120 kB of
// brotli to the page; this package adds 14 kB, nearly all of it
// github.com/buger/jsonparser, which finds the members. That parser is
// lenient, and the input comes from strangers, so Parse also refuses text after the
// object, duplicate member names, and text that is not UTF-8.
package jsonobject

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/buger/jsonparser"
)

// ErrSyntax is returned for text that is not one JSON object.
var ErrSyntax = errors.New("jsonobject: not a JSON object")

// Object is a parsed object. Its methods treat a member of another type than the
// requested one as absent. The caller checks whether a value is valid.
type Object map[string]value

type value struct {
	kind jsonparser.ValueType
	text []byte // for a string: the text between the quotes, still escaped
}

// Parse parses one JSON object. The Object refers to text, which must not change.
func Parse(text []byte) (Object, error) {
	text = bytes.Trim(text, " \t\r\n")
	if !utf8.Valid(text) || !balanced(text) {
		return nil, ErrSyntax
	}
	object := Object{}
	err := jsonparser.ObjectEach(text, func(name, text []byte, kind jsonparser.ValueType, _ int) error {
		if _, twice := object[string(name)]; twice {
			return fmt.Errorf("member %q occurs twice", name)
		}
		object[string(name)] = value{kind, text}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	return object, nil
}

// balanced reports whether text is one object from its first octet to its last: the
// last octet closes the first brace, and no string is left open.
func balanced(text []byte) bool {
	var open []byte // the closing brackets still expected
	inString := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
			if c < 0x20 { // RFC 8259, Section 7: control characters are escaped
				return false
			}
		case c == '{' || c == '[':
			open = append(open, c+2) // in ASCII a closing bracket is its opening one + 2
		case c == '}' || c == ']':
			if len(open) == 0 || open[len(open)-1] != c {
				return false
			}
			open = open[:len(open)-1]
			if len(open) == 0 {
				return c == '}' && i == len(text)-1
			}
		case len(open) == 0:
			return false
		}
	}
	return false
}

// Has reports whether the object has a member of that name, of any type.
func (o Object) Has(name string) bool {
	_, ok := o[name]
	return ok
}

// Len returns how many elements the array of that name has, of any type, or
// -1 if there is none.
func (o Object) Len(name string) int {
	if o[name].kind != jsonparser.Array {
		return -1
	}
	n := 0
	o.each(name, func(value) { n++ })
	return n
}

// Value returns the member of that name: a string, an int64 or a bool, nil if it is
// absent or null, and ErrSyntax if it has another type.
func (o Object) Value(name string) any {
	switch v := o[name]; v.kind {
	case jsonparser.String:
		return o.String(name)
	case jsonparser.Number:
		return o.Int(name)
	case jsonparser.Boolean:
		return v.text[0] == 't'
	case jsonparser.NotExist, jsonparser.Null:
		return nil
	default:
		return ErrSyntax
	}
}

// String returns the string of that name, or "".
func (o Object) String(name string) string {
	v := o[name]
	if v.kind != jsonparser.String {
		return ""
	}
	text, err := jsonparser.ParseString(v.text)
	if err != nil {
		return ""
	}
	return text
}

// Int returns the integer of that name, or 0.
func (o Object) Int(name string) int64 {
	v := o[name]
	if v.kind != jsonparser.Number {
		return 0
	}
	n, err := strconv.ParseInt(string(v.text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Object returns the object of that name, or nil.
func (o Object) Object(name string) Object {
	v := o[name]
	if v.kind != jsonparser.Object {
		return nil
	}
	object, err := Parse(v.text)
	if err != nil {
		return nil
	}
	return object
}

// Objects returns the objects in the array of that name, without elements of other
// types.
func (o Object) Objects(name string) []Object {
	var objects []Object
	o.each(name, func(v value) {
		if v.kind == jsonparser.Object {
			if object, err := Parse(v.text); err == nil {
				objects = append(objects, object)
			}
		}
	})
	return objects
}

// Strings returns the strings in the array of that name, without elements of other
// types.
func (o Object) Strings(name string) []string {
	var list []string
	o.each(name, func(v value) {
		if v.kind == jsonparser.String {
			if text, err := jsonparser.ParseString(v.text); err == nil {
				list = append(list, text)
			}
		}
	})
	return list
}

func (o Object) each(name string, f func(value)) {
	v := o[name]
	if v.kind != jsonparser.Array {
		return
	}
	jsonparser.ArrayEach(v.text, func(text []byte, kind jsonparser.ValueType, _ int, _ error) {
		f(value{kind, text})
	})
}
