package files

// A Total is what several files add up to.
type Total struct {
	Files   int
	Offered int // the receiver's person is asked
	Arrived int
	Lost    int     // refused, cancelled or failed
	Size    int64   // octets of the files that are not lost
	Moved   int64   // octets of them that have arrived
	Rate    float64 // octets per second of the files that move; 0 before the first measurement
}

// Add adds a file.
func (t *Total) Add(f File) {
	t.Files++
	switch f.State {
	case Offered:
		t.Offered++
	case Moving:
		t.Moved += f.Moved
		t.Rate += f.Rate
	case Done:
		t.Arrived++
		t.Moved += f.Size
	default:
		t.Lost++
		return
	}
	t.Size += f.Size
}

// Over reports whether the states of all files are final.
func (t Total) Over() bool { return t.Arrived+t.Lost == t.Files }
