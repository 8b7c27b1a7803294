package files

import "testing"

// A Total counts each file once, and the octets of lost files not at all.
func TestTotal(t *testing.T) {
	var total Total
	for i, f := range []File{
		{State: Done, Size: 100, Moved: 90}, {State: Moving, Size: 100, Moved: 30, Rate: 2}, {State: Moving, Size: MaxSize, Rate: 3},
		{State: Offered, Size: 7}, {State: Failed, Size: 100, Moved: 30}, {State: Refused, Size: 100}, {State: Cancelled, Size: 100, Moved: 100}, {State: Done},
	} {
		total.Add(f)
		if over := i == 0; total.Over() != over {
			t.Errorf("over after %d files: %v", i+1, !over)
		}
	}
	if want := (Total{Files: 8, Offered: 1, Arrived: 2, Lost: 3, Size: 207 + MaxSize, Moved: 130, Rate: 5}); total != want {
		t.Errorf("%+v, want %+v", total, want)
	}
	var lost Total
	for range 300 {
		lost.Add(File{State: Cancelled, Size: MaxSize})
		lost.Add(File{State: Moving, Size: MaxSize, Moved: MaxSize})
	}
	if lost.Moved != lost.Size || lost.Size != 300*MaxSize {
		t.Errorf("%+v", lost)
	}
}
