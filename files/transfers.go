package files

import (
	"context"
	"errors"
	"time"
)

// Errors for Config.OnDrop.
var (
	ErrState   = errors.New("files: signal that does not belong to the state of its file")
	ErrTooMany = errors.New("files: too many files at once")
)

// Config connects a Transfers to its call. All fields are required. The functions
// are called on the owner's goroutine and must not block.
type Config struct {
	// Send sends a signal in-band. Without a link it does nothing; Resume repeats
	// offers and ends over the next link.
	Send func(Signal)
	// Open opens the link's channel for files, or returns nil where there is no link.
	Open func(Events) (Channel, error)
	// HasPath reports whether the path to the other side works at the moment.
	HasPath func() bool

	// Post runs f on the owner's goroutine, unless the call is over by then. It may
	// be called from any goroutine, and returns at once.
	Post func(f func())
	// After posts f after d.
	After func(d time.Duration, f func())
	// Beside runs f, which may block, on a goroutine of its own, then the function that
	// f returns on the owner's, even if the call is over by then.
	Beside func(f func(context.Context) (then func()))

	OnFile  func(File)  // a file is new or has changed
	OnQueue func(n int) // n files of this side are in the queue, to be offered once others are over
	OnDrop  func(error) // a signal was dropped, or a channel or sink has failed
}

// Transfers holds the files of one call, in both directions. Its methods are called
// on the goroutine of its owner only, and do not block.
type Transfers struct {
	config      Config
	mine        table[*outgoing]
	queue       []Source // files to offer once mine is not full
	theirs      table[*incoming]
	channel     Channel // of the present link; nil until a file moves over it
	progressDue bool    // showProgress is scheduled
}

// New returns a Transfers without files.
func New(config Config) *Transfers {
	t := &Transfers{config: config}
	t.mine.newest = int(time.Now().UnixMilli()) // greater than all numbers that an earlier page gave in the same call
	return t
}

// Offer offers a file to the other side, or queues it while maxFiles are offered and
// not over.
func (t *Transfers) Offer(from Source) {
	t.queue = append(t.queue, from)
	if t.mine.full() {
		t.config.OnQueue(len(t.queue))
	} else {
		t.offerNext()
	}
}

// Accept accepts a file that the other side offers, and writes it into a sink. It reports
// whether the file is offered. If not, it leaves the sink to its caller.
func (t *Transfers) Accept(number int, into Sink) bool {
	f := t.theirs.byNumber[number]
	if f == nil || f.State != Offered {
		return false
	}
	f.sink = into
	t.startMoving(&f.transfer)
	t.take(f)
	return true
}

// Cancel refuses a file of the other side, withdraws one of this side (mine), or gives
// up one that moves.
func (t *Transfers) Cancel(mine bool, number int) {
	if mine {
		t.cancelMine(number)
	} else {
		t.cancelTheirs(number)
	}
}

// Receive handles a signal of the other side.
func (t *Transfers) Receive(m Signal) {
	receive := t.receiveOfMine
	if isSendersSignal(m.Kind) {
		receive = t.receiveOfTheirs
	}
	if err := receive(m); err != nil {
		t.config.OnDrop(err)
	}
}

// Resume repeats over a new link the offers and ends of this side's files, which may
// have been lost with the link before. The other side then asks for the rest of each.
func (t *Transfers) Resume() {
	for _, f := range t.mine.all() {
		switch f.State {
		case Moving: // their page may have been reloaded during the call, so they have to ask for it again
			f.State, f.Moved, f.Still, f.changed = Offered, 0, 0, true
			t.scheduleProgress()
			t.sendOffer(f)
		case Offered:
			t.sendOffer(f)
		case Cancelled, Failed:
			t.config.Send(Signal{Kind: kindWithdraw, Number: f.Number, Why: f.Why})
		}
	}
}

// Unlink closes the channel, because its link is closed.
func (t *Transfers) Unlink() {
	if t.channel != nil {
		t.channel.Close()
		t.channel = nil
	}
}

// End fails all files that are not over, because the call has ended. A file that has
// arrived whole is still written.
func (t *Transfers) End() {
	t.queue = nil
	for _, f := range t.mine.all() {
		if !f.State.Over() {
			t.closeMine(f, Failed, WhyEnded)
		}
	}
	for _, f := range t.theirs.all() {
		if !f.State.Over() && !f.closing {
			t.closeTheirs(f, Failed, WhyEnded)
		}
	}
	t.Unlink()
}

// open returns the link's channel, or nil where there is no link.
func (t *Transfers) open() (Channel, error) {
	if t.channel != nil {
		return t.channel, nil
	}
	channel, err := t.config.Open(t.events())
	if err == nil {
		t.channel = channel
	}
	return channel, err
}

// events returns the events of a channel. They count even if the link is gone by the time
// they run here: the piece was hashed or written all the same.
func (t *Transfers) events() Events {
	post := t.config.Post
	return Events{
		Sent:   func(number int, at int64, piece Digest) { post(func() { t.pieceSent(number, at, piece) }) },
		Came:   func(number int, to int64) { post(func() { t.noteArrived(number, to) }) },
		Kept:   func(number int, at int64, piece Digest) { post(func() { t.pieceWritten(number, at, piece) }) },
		Failed: func(mine bool, number int, err error) { post(func() { t.channelFailed(mine, number, err) }) },
	}
}

// channelFailed fails a file that the channel cannot read (mine) or write.
func (t *Transfers) channelFailed(mine bool, number int, err error) {
	t.config.OnDrop(err)
	if mine {
		t.failMine(number, WhyRead)
	} else {
		t.failTheirs(number, causeOf(err))
	}
}

// stop ends the transfer of a file over the channel.
func (t *Transfers) stop(mine bool, number int) {
	if t.channel != nil {
		t.channel.Stop(mine, number)
	}
}
