package files

// For the tests outside the package: filestest, which they use, imports it.
const (
	MaxFiles  = maxFiles
	MaxPast   = maxPast
	StillTime = stillTime
)

// Remembered returns how many files of the other side are remembered.
func (t *Transfers) Remembered() int { return len(t.theirs.byNumber) }
