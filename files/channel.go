package files

// PieceSize is the size of a piece. Each piece is read, hashed and written as a
// whole, and a transfer resumes at the start of one; octets.
const PieceSize = 1 << 20

// Channel is the second data channel of a link. It carries the pieces of files; the
// first data channel carries the signals about them. Both sides open it with the same
// id (negotiated: true), so it needs no negotiation. Its methods do not block, and no
// event follows Close.
type Channel interface {
	// Send sends a file from the offset at, the start of a piece, up to the offset
	// until. A file that is being sent already starts anew from at.
	Send(number int, from Source, at, until int64)
	// Grant lets a file be sent up to the offset until.
	Grant(number int, until int64)
	// Take writes the arriving pieces of a file of this size into a sink, from the
	// offset at on.
	Take(number int, into Sink, at, size int64)
	// Stop ends the transfer that Send (mine) or Take began.
	Stop(mine bool, number int)
	Close()
}

// Events are the reports of a Channel. The functions are called one at a time, in
// the order in which things happened, and never block.
type Events struct {
	// Sent reports the digest of the piece at an offset, before any of it is sent.
	Sent func(number int, at int64, piece Digest)
	// Came reports the offset up to which a file has arrived, several times a second.
	Came func(number int, to int64)
	// Kept reports the digest of the piece at an offset, once it is written.
	Kept func(number int, at int64, piece Digest)
	// Failed reports that a file cannot be read (mine), or a sink cannot be written.
	Failed func(mine bool, number int, err error)
}
