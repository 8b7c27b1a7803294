// Package files transfers files between the two sides of a call. A file is
// offered, accepted or refused by the receiving side's person, and sent in pieces
// of [PieceSize] over a data channel of its own ([Channel]).
//
// The package knows neither a browser nor a call. A [Transfers] holds the files
// of one call and belongs to one goroutine, its owner's. [Config] gives it a way to
// send signals, the link's channel, and timers.
//
// # Sequence of a transfer
//
// The signals go in-band over the call's first channel; only pieces go over the
// second.
//
//	sender                                             receiver
//	Offer
//	Offered    ---------- file: name, size -------->   Offered
//	                                                   Accept
//	Moving     <--------- take: from an offset ------  Moving
//	           =========== pieces ================>
//	           <--------- got: up to an offset ------    again and again
//	           =========== pieces ================>
//	           ---------- done: digest ------------>
//	                                                     compares the digest, closes the Sink
//	Done       <--------- saved --------------------   Done
//
// The receiver ends a transfer with refuse, the sender with withdraw. Both have
// the reason where the transfer failed. [Signal] lists the members of each signal.
//
// Both sides hash each piece with SHA-256: the sender before sending the piece, the
// receiver after writing it. The done signal carries the [Digest] of all these hashes.
// A receiver that computes another digest fails the file ([WhyDamaged]).
//
// # Bounds
//
//   - Each side has at most 100 files that are offered and not over. The sender
//     queues further files ([Config].OnQueue); the receiver refuses them ([WhyMany]).
//   - Each side remembers 200 files that are over, to answer signals about them over
//     another link.
//   - At most 8 MiB of a file are under way. The receiver acknowledges octets at most
//     4 MiB ahead of its disk, so a slow disk slows the sender down.
//   - After 10 s without progress both sides report it ([File].Still). After 30 s in which
//     no file of a side has progressed, one of them fails ([WhyStuck]). Time without a
//     path does not count.
//   - A signal about an unknown file, or one that does not fit the file's state, changes
//     nothing and is reported to [Config].OnDrop.
//
// # What outlives a link
//
// A call may lose its link and make another. Files, their numbers, the digests of
// their pieces and the [Sink] outlive the link; its channel does not. Over the next
// link the sender repeats its offers and its withdraw signals ([Transfers.Resume]). The
// receiver answers with take from the first piece that it has not written, with saved,
// or with refuse. A receiver whose page was reloaded has lost its state: it asks its
// person anew and takes the file from the start. No file outlives the call
// ([Transfers.End]).
package files
