//go:build js && wasm

package browser

import (
	"context"
	"time"

	"github.com/hack-pad/safejs"

	"pushcall/files"
	"pushcall/phonebook"
	"pushcall/wasm/js"
)

// File is a file that the person gives to the page (File API, Section 4). What
// is in it stays where it is until it is sent.
type File struct {
	value    safejs.Value
	name     string
	size     int64
	modified float64 // milliseconds since 1970
}

var _ files.Source = File{}

// Name is as the person's system has it.
func (f File) Name() string { return f.name }

// Size is in octets.
func (f File) Size() int64 { return f.size }

// Changed tells whether the file has another size or time than when it was
// given to the page. Firefox goes on telling those that it had then, and the time
// of a file that is in memory is always the present (File API, Section 4.1).
func (f File) Changed() bool {
	present := float64(time.Now().UnixMilli())
	now, err := newFile(f.value)
	return err != nil || now.size != f.size || now.modified != f.modified && now.modified < present
}

// newFile takes a File as it is now.
func newFile(value safejs.Value) (File, error) {
	name, err := js.StringOf(value, "name")
	if err != nil {
		return File{}, err
	}
	size, err := js.FloatOf(value, "size")
	if err != nil {
		return File{}, err
	}
	modified, err := js.FloatOf(value, "lastModified")
	return File{value, name, int64(size), modified}, err
}

// Bytes reads a whole file, which may have no more octets than an archive.
func (f File) Bytes(ctx context.Context) ([]byte, error) {
	if f.size > phonebook.MaxArchive {
		return nil, phonebook.ErrArchive
	}
	buffer, err := js.AwaitCall(ctx, f.value, "arrayBuffer")
	if err != nil {
		return nil, js.Failure("read a file", err)
	}
	return js.BytesOf(buffer)
}

// ChosenFiles returns the files that were chosen with a file input, and clears the
// input, so that the person can choose the same files again.
func ChosenFiles(input js.Element) []File {
	list, err := input.JSValue().Get("files")
	if err != nil {
		js.LogFailure("files", err)
		return nil
	}
	files := filesIn(list)
	input.SetValue("")
	return files
}

// HasFiles reports whether a drag or paste has files.
func HasFiles(e js.Event) bool {
	transfer, found := transferOf(e)
	if !found {
		return false
	}
	types, err := transfer.Get("types")
	if err != nil {
		return false
	}
	has, err := types.Call("includes", "Files")
	if err != nil {
		return false
	}
	is, _ := has.Bool()
	return is
}

// DroppedFiles returns the files of a drop or paste, without the folders, which
// browsers list as if they were files; folders reports whether there were any.
func DroppedFiles(e js.Event) (files []File, folders bool) {
	transfer, found := transferOf(e)
	if !found {
		return nil, false
	}
	list, err := transfer.Get("files")
	if err != nil {
		return nil, false
	}
	files = filesIn(list)
	items, err := transfer.Get("items")
	if err != nil {
		return files, false
	}
	n, err := items.Length()
	if err != nil {
		return files, false
	}
	kept := files[:0]
	for i, next := 0, 0; i < n && next < len(files); i++ {
		item, err := items.Index(i)
		if err != nil {
			break
		}
		if kind, err := js.StringOf(item, "kind"); err != nil || kind != "file" {
			continue
		}
		if isFolder(item) {
			folders = true
		} else {
			kept = append(kept, files[next])
		}
		next++
	}
	return kept, folders
}

// isFolder asks what only this old interface tells (File and Directory Entries
// API, Section 4.1).
func isFolder(item safejs.Value) bool {
	entry, err := item.Call("webkitGetAsEntry")
	return err == nil && !entry.IsNull() && js.IsTrue(entry, "isDirectory")
}

// transferOf returns the DataTransfer of a drag or paste.
func transferOf(e js.Event) (safejs.Value, bool) {
	for _, property := range []string{"dataTransfer", "clipboardData"} {
		if transfer, err := e.JSValue().Get(property); err == nil && !transfer.IsUndefined() && !transfer.IsNull() {
			return transfer, true
		}
	}
	return safejs.Value{}, false
}

// filesIn returns what is in a FileList.
func filesIn(list safejs.Value) []File {
	n, err := list.Length()
	if err != nil {
		return nil
	}
	files := make([]File, 0, n)
	for i := range n {
		if value, err := list.Index(i); err == nil {
			if file, err := newFile(value); err == nil {
				files = append(files, file)
			}
		}
	}
	return files
}
