//go:build js && wasm

package browser

import (
	"context"

	"pushcall/phonebook"
)

// Download has the browser save a file with these octets. They are kept until
// forget is called: a browser that asks where to put the file takes its time.
func Download(name string, octets []byte) (forget func(), err error) {
	array, err := newUint8Array(octets)
	if err != nil {
		return nil, failure("save a file", err)
	}
	class, err := get("Blob")
	if err != nil {
		return nil, failure("save a file", err)
	}
	blob, err := class.New([]any{array}, map[string]any{"type": "application/octet-stream"})
	if err != nil {
		return nil, failure("save a file", err)
	}
	urls, err := get("URL")
	if err != nil {
		return nil, failure("save a file", err)
	}
	url, err := urls.Call("createObjectURL", blob)
	if err != nil {
		return nil, failure("save a file", err)
	}
	address, err := url.String()
	if err != nil {
		return nil, failure("save a file", err)
	}
	link := NewElement("a", "")
	link.SetAttribute("href", address)
	link.SetAttribute("download", name)
	link.Click()
	return func() {
		if _, err := urls.Call("revokeObjectURL", address); err != nil {
			complain("revokeObjectURL", err)
		}
	}, nil
}

// Bytes reads a whole file, which may have no more octets than an archive.
func (f File) Bytes(ctx context.Context) ([]byte, error) {
	if f.size > phonebook.MaxArchive {
		return nil, phonebook.ErrArchive
	}
	buffer, err := awaitCall(ctx, f.value, "arrayBuffer")
	if err != nil {
		return nil, failure("read a file", err)
	}
	return bytesOf(buffer)
}
