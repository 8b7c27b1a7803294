package speech

import (
	"strings"
	"testing"
	"time"

	"pushcall/files"
)

func TestLineOfFile(t *testing.T) {
	moving := files.File{Size: 3_400_000, State: files.Moving, Moved: 1_200_000, Rate: 2_100_000, Left: 12 * time.Second}
	for _, test := range []struct {
		f       files.File
		waiting bool
		want    string
	}{
		{files.File{Size: 5}, false, "5 bytes"},
		{files.File{Size: 5, Mine: true}, false, "5 bytes · offered to your friend"},
		{moving, false, "1.2 MB of 3.4 MB · 2.1 MB/s · 12 s left"},
		{moving, true, "1.2 MB of 3.4 MB · waiting for the connection"},
		{files.File{Size: 5, State: files.Moving}, false, "0 bytes of 5 bytes"},
		{files.File{Size: 5, State: files.Done}, false, "5 bytes · received"},
		{files.File{State: files.Refused, ByMe: true}, false, "You did not take it."},
		{files.File{State: files.Cancelled}, false, "Your friend cancelled it."},
		{files.File{State: files.Failed, Why: files.WhyEnded}, false, "The call ended before it had arrived."},
	} {
		if got := strings.ReplaceAll(english.LineOfFile(test.f, test.waiting), "\u00a0", " "); got != test.want {
			t.Errorf("%+v: %q, want %q", test.f, got, test.want)
		}
	}
}
