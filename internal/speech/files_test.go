package speech

import (
	"strings"
	"testing"
	"time"

	"pushcall/files"
)

func TestLineOfTotal(t *testing.T) {
	moving := files.Total{Files: 60, Offered: 8, Arrived: 12, Lost: 1, Size: 20_000_000, Moved: 3_400_000, Rate: 1_000_000}
	for _, test := range []struct {
		t             files.Total
		mine, waiting bool
		want          string
	}{
		{files.Total{Files: 2, Offered: 2, Size: 10}, false, false, "0 of 2 received · 0 bytes of 10 bytes"},
		{files.Total{Files: 2, Offered: 2, Size: 10}, true, true, "0 of 2 arrived · 0 bytes of 10 bytes"},
		{moving, false, false, "12 of 60 received · 3.4 MB of 20.0 MB · 1.0 MB/s"},
		{moving, true, true, "12 of 60 arrived · 3.4 MB of 20.0 MB · waiting for the connection"},
		{files.Total{Files: 3, Arrived: 2, Lost: 1, Size: 5, Moved: 5}, false, true, "2 of 3 received · 5 bytes"},
		{files.Total{Files: 3, Lost: 3}, true, false, "0 of 3 arrived · 0 bytes"},
	} {
		if got := strings.ReplaceAll(english.LineOfTotal(test.t, test.mine, test.waiting), "\u00a0", " "); got != test.want {
			t.Errorf("%+v: %q, want %q", test.t, got, test.want)
		}
	}
}

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
