package call

import (
	"maps"
	"slices"
	"time"
)

const (
	maxFiles   = 100                    // of each side that are offered and not over; ours
	maxPast    = 200                    // of each side that are over and remembered; ours
	fileWindow = 8 << 20                // octets that may be on their way, and not known to have come
	fileUnkept = 4 << 20                // octets that may have come and not be written before the sender waits
	fileStep   = fileWindow / 4         // octets that are written before their sender hears of it
	lookAtFile = 500 * time.Millisecond // between two looks at how far files are
	fileStill  = 10 * time.Second       // without progress, until both people are told
	fileStuck  = 30 * time.Second       // the same, until a file fails
)

// files is what a session has to do with files. A transfer outlives a link:
// over the next one its sender says again what it has, and its receiver from
// where on it wants that.
type files struct {
	mine   table[*outgoing]
	queue  []Source // of this side, to be offered once there is room among mine
	theirs table[*incoming]
	look   *time.Timer // to the next look, while a file moves
}

// transfer is what both sides have of a file.
type transfer struct {
	File
	pieces []Digest // sent, or kept
	meter  meter
	still  time.Duration // that nothing of it has come while the path was there
	unseen bool          // it has changed since it was shown, which can wait until the next look
}

func (t *transfer) both() *transfer { return t }

// whole tells whether all pieces have been sent, or kept.
func (t *transfer) whole() bool { return t.reached() == t.Size }

// reached is the offset that the pieces reach to.
func (t *transfer) reached() int64 { return min(int64(len(t.pieces))*FilePiece, t.Size) }

// add takes the digest of the next piece. One that comes again, because a link
// was lost, is known already.
func (t *transfer) add(at int64, piece Digest) {
	if !t.whole() && at == t.reached() {
		t.pieces = append(t.pieces, piece)
	}
}

// end is how it ends.
func (t *transfer) end(state FileState, why Why) {
	t.State, t.Why, t.Rate, t.Left, t.Still, t.unseen = state, why, 0, 0, 0, false
	t.pieces = nil
	if state == FileDone {
		t.Moved = t.Size
	}
}

// table is the files of one side, by number.
type table[T interface{ both() *transfer }] struct {
	byNumber map[int]T
	newest   int
}

// put adds a file, and forgets one that is over where there are many.
func (t *table[T]) put(x T) {
	if t.byNumber == nil {
		t.byNumber = map[int]T{}
	}
	t.newest = x.both().Number
	t.byNumber[t.newest] = x
	if len(t.byNumber) <= maxPast+maxFiles {
		return
	}
	for _, x := range t.all() {
		if x.both().State.over() {
			delete(t.byNumber, x.both().Number)
			return
		}
	}
}

// all returns the files in the order of their numbers.
func (t *table[T]) all() []T {
	var list []T
	for _, number := range slices.Sorted(maps.Keys(t.byNumber)) {
		list = append(list, t.byNumber[number])
	}
	return list
}

// transfers returns the same as all.
func (t *table[T]) transfers() []*transfer {
	var list []*transfer
	for _, x := range t.all() {
		list = append(list, x.both())
	}
	return list
}

// full tells whether there are as many as there may be.
func (t *table[T]) full() bool {
	open := 0
	for _, x := range t.byNumber {
		if !x.both().State.over() {
			open++
		}
	}
	return open >= maxFiles
}

// SendFile offers a file to the other side; OnFile shows what becomes of it. Above
// maxFiles it waits in a queue; OnQueue tells how many do. It does nothing unless
// the call is connected.
func (p *Phone) SendFile(from Source) { p.loop.Post(func() { p.offerFile(from) }) }

// AcceptFile has a file sent that is offered here, into a sink. A sink for one
// that is not offered any more is aborted.
func (p *Phone) AcceptFile(number int, into Sink) {
	p.loop.Post(func() {
		if s := p.session; s == nil || !p.acceptFile(s, number, into) {
			into.Abort()
		}
	})
}

// CancelFile refuses a file of the other side's, withdraws one of this side's,
// or gives up what moves already.
func (p *Phone) CancelFile(mine bool, number int) {
	p.loop.Post(func() {
		switch s := p.session; {
		case s == nil:
		case mine:
			p.cancelMine(s, number)
		default:
			p.cancelTheirs(s, number)
		}
	})
}

// receiveFile takes what the other side says of a file.
func (p *Phone) receiveFile(s *session, m signal) {
	err := error(nil)
	if isSendersSignal(m.kind) {
		err = p.receiveOfTheirs(s, m)
	} else {
		err = p.receiveOfMine(s, m)
	}
	if err != nil {
		p.config.OnDrop(err)
	}
}

// resumeFiles says again, over a new link, what this side has to send; the
// other side then says what it wants of that. Both may have lost the last words
// of the link before.
func (p *Phone) resumeFiles(s *session) {
	for _, f := range s.files.mine.all() {
		switch f.State {
		case FileMoving: // until they want it: their page may be another now, in the same call
			f.State, f.Moved, f.Still, f.unseen = FileOffered, 0, 0, true
			p.lookLater(s)
			fallthrough
		case FileOffered:
			s.tell(signalFile, fileWords{number: f.Number, name: f.Name, size: f.Size})
		case FileCancelled, FileFailed:
			s.tell(signalWithdraw, fileWords{number: f.Number, why: f.Why})
		}
	}
}

// endFiles gives up all that is under way when the call ends.
func (p *Phone) endFiles(s *session) {
	s.files.queue = nil
	for _, f := range s.files.mine.all() {
		if !f.State.over() {
			p.closeMine(s, f, FileFailed, WhyEnded)
		}
	}
	for _, f := range s.files.theirs.all() {
		if !f.State.over() && !f.closing {
			p.closeTheirs(s, f, FileFailed, WhyEnded)
		}
	}
}

// tell says something of a file, if there is a link to say it over. If not, it
// is said when there is one.
func (s *session) tell(kind string, words fileWords) {
	if s.link != nil && s.link.open {
		s.send(signal{kind: kind, file: words})
	}
}

// fileChannel returns the link's channel for files, which it opens the first
// time, or nil where there is no link.
func (p *Phone) fileChannel(s *session) (FileChannel, error) {
	l := s.link
	if l == nil || !l.open {
		return nil, nil
	}
	if l.files == nil {
		channel, err := l.peer.OpenFiles(p.fileEvents(s))
		if err != nil {
			return nil, err
		}
		l.files = channel
	}
	return l.files, nil
}

// fileEvents is what file channels of a session report. A piece that was hashed
// or written counts, even if its link is gone by the time that is known here.
func (p *Phone) fileEvents(s *session) FileEvents {
	alive := func() {
		if l := s.link; l != nil && l.open && l.pulse != nil {
			l.pulse.heardNow()
			p.recovered(s)
		}
	}
	return FileEvents{
		Sent: func(number int, at int64, piece Digest) { p.on(s, func() { p.pieceSent(s, number, at, piece) }) },
		Came: func(number int, to int64) { p.on(s, func() { alive(); p.fileCame(s, number, to) }) },
		Kept: func(number int, at int64, piece Digest) {
			p.on(s, func() { p.pieceKept(s, number, at, piece) })
		},
		Failed: func(mine bool, number int, err error) { p.on(s, func() { p.fileFailed(s, mine, number, err) }) },
	}
}

func (p *Phone) fileFailed(s *session, mine bool, number int, err error) {
	p.config.OnDrop(err)
	if mine {
		p.failMine(s, number, WhyRead)
	} else {
		p.failTheirs(s, number, whyNot(err))
	}
}

// stopFile ends what a file channel does with a file.
func (s *session) stopFile(mine bool, number int) {
	if s.link != nil && s.link.files != nil {
		s.link.files.Stop(mine, number)
	}
}

// lookAtFiles shows how far files are, again and again while any moves.
func (p *Phone) lookAtFiles(s *session) {
	s.files.look = nil
	mine, theirs := s.files.mine.transfers(), s.files.theirs.transfers()
	now := time.Now()
	for _, side := range [][]*transfer{mine, theirs} {
		for _, t := range side {
			if t.State == FileMoving {
				p.lookLater(s)
				t.measure(now, s.state == Connected)
			}
		}
		tellStill(side)
	}
	for _, t := range slices.Concat(mine, theirs) {
		if t.State != FileMoving && !t.unseen {
			continue
		}
		t.unseen = false
		p.config.OnFile(t.File)
	}
	p.failMine(s, stuck(mine), WhyStuck)
	p.failTheirs(s, stuck(theirs), WhyStuck)
}

// measure takes how far a file is, and for how long it has been there already.
// What passes while there is no path does not count, nor while this machine
// sleeps.
func (t *transfer) measure(now time.Time, connected bool) {
	if t.Moved == t.meter.total && connected {
		t.still += min(now.Sub(t.meter.at), 2*lookAtFile)
	} else {
		t.still = 0
	}
	t.meter.measure(t.Moved, now)
	t.Rate, t.Left, t.Still = t.meter.value(), t.meter.left(t.Size-t.Moved), 0
}

// tellStill says for how long the files of a side have not moved, where none does.
// One that waits for its turn beside another is well.
func tellStill(side []*transfer) {
	moves := func(t *transfer) bool { return t.State == FileMoving && t.still < fileStill }
	if slices.ContainsFunc(side, moves) {
		return
	}
	for _, t := range side {
		if t.State == FileMoving {
			t.Still = t.still
		}
	}
}

// stuck returns the number of the file that is to fail, or 0: where none of a
// side's moves, the one that is sent first. A file that has come is kept for as
// long as a disk takes.
func stuck(side []*transfer) (number int) {
	least := int64(MaxFile)
	for _, t := range side {
		switch left := t.Size - t.Moved; {
		case t.State != FileMoving:
		case t.still < fileStuck:
			return 0
		case left > 0 && left < least:
			least, number = left, t.Number
		}
	}
	return number
}

// turn gives a side's files time that have waited for one that is over now.
func turn(side []*transfer) {
	for _, t := range side {
		t.still = min(t.still, fileStill-lookAtFile)
	}
}

func (p *Phone) lookLater(s *session) {
	if s.files.look == nil {
		s.files.look = time.AfterFunc(lookAtFile, func() { p.on(s, func() { p.lookAtFiles(s) }) })
	}
}

// moving shows that a file moves from now on, and has it looked at.
func (p *Phone) moving(s *session, t *transfer) {
	t.State, t.still, t.Still, t.unseen = FileMoving, 0, 0, false
	t.meter.begin(t.Moved, time.Now())
	p.config.OnFile(t.File)
	p.lookLater(s)
}
