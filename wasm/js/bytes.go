//go:build js && wasm

package js

import "github.com/hack-pad/safejs"

// NewUint8Array copies octets to JavaScript.
func NewUint8Array(octets []byte) (safejs.Value, error) {
	class, err := safejs.Global().Get("Uint8Array")
	if err != nil {
		return safejs.Value{}, err
	}
	array, err := class.New(len(octets))
	if err != nil {
		return safejs.Value{}, err
	}
	_, err = safejs.CopyBytesToJS(array, octets)
	return array, err
}

// BytesOf copies the octets of an ArrayBuffer or a Uint8Array to Go.
func BytesOf(buffer safejs.Value) ([]byte, error) {
	class, err := safejs.Global().Get("Uint8Array")
	if err != nil {
		return nil, err
	}
	array, err := class.New(buffer)
	if err != nil {
		return nil, err
	}
	length, err := array.Length()
	if err != nil {
		return nil, err
	}
	octets := make([]byte, length)
	_, err = safejs.CopyBytesToGo(octets, array)
	return octets, err
}

// Get follows a path of properties from the global object.
func Get(path ...string) (safejs.Value, error) {
	value := safejs.Global()
	for _, property := range path {
		var err error
		if value, err = value.Get(property); err != nil {
			return safejs.Value{}, err
		}
	}
	return value, nil
}
