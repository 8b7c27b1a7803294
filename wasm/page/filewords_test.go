//go:build js && wasm

package page

import (
	"strings"
	"testing"
	"time"

	"pushcall/call"
)

func TestLineOfFile(t *testing.T) {
	moving := call.File{Size: 3_400_000, State: call.FileMoving, Moved: 1_200_000, Rate: 2_100_000, Left: 12 * time.Second}
	for _, test := range []struct {
		f       call.File
		waiting bool
		want    string
	}{
		{call.File{Size: 5}, false, "5 bytes"},
		{call.File{Size: 5, Mine: true}, false, "5 bytes · offered to your friend"},
		{moving, false, "1.2 MB of 3.4 MB · 2.1 MB/s · 12 s left"},
		{moving, true, "1.2 MB of 3.4 MB · waiting for the connection"},
		{call.File{Size: 5, State: call.FileMoving}, false, "0 bytes of 5 bytes"},
		{call.File{Size: 5, State: call.FileDone}, false, "5 bytes · received"},
		{call.File{State: call.FileRefused, ByMe: true}, false, "You did not take it."},
		{call.File{State: call.FileCancelled}, false, "Your friend cancelled it."},
		{call.File{State: call.FileFailed, Why: call.WhyEnded}, false, "The call ended before it had arrived."},
	} {
		if got := strings.ReplaceAll(lineOfFile(test.f, test.waiting), "\u00a0", " "); got != test.want {
			t.Errorf("%+v: %q, want %q", test.f, got, test.want)
		}
	}
}
