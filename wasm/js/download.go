//go:build js && wasm

package js

// Download makes the browser save octets as a file. The octets stay in memory until
// forget is called: a browser that asks where to save the file reads them later.
func Download(name string, octets []byte) (forget func(), err error) {
	array, err := NewUint8Array(octets)
	if err != nil {
		return nil, Failure("save a file", err)
	}
	class, err := Get("Blob")
	if err != nil {
		return nil, Failure("save a file", err)
	}
	blob, err := class.New([]any{array}, map[string]any{"type": "application/octet-stream"})
	if err != nil {
		return nil, Failure("save a file", err)
	}
	urls, err := Get("URL")
	if err != nil {
		return nil, Failure("save a file", err)
	}
	url, err := urls.Call("createObjectURL", blob)
	if err != nil {
		return nil, Failure("save a file", err)
	}
	address, err := url.String()
	if err != nil {
		return nil, Failure("save a file", err)
	}
	link := NewElement("a", "")
	link.SetAttribute("href", address)
	link.SetAttribute("download", name)
	link.Click()
	return func() {
		if _, err := urls.Call("revokeObjectURL", address); err != nil {
			LogFailure("revokeObjectURL", err)
		}
	}, nil
}
