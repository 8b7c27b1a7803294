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
// Both sides hash each piece with SHA-256: the sender before it sends the piece, the
// receiver once it has written it. done carries the [Digest] of all these hashes.
// A receiver that computes another one fails the file ([WhyDamaged]).
//
// # Bounds
//
//   - Each side has at most 100 files that are offered and not over. The sender
//     queues those above that ([Config].OnQueue); the receiver refuses them ([WhyMany]).
//   - A side remembers 200 files that are over, to answer for them over another link.
//   - At most 8 MiB of a file are under way. The receiver has them sent 4 MiB beyond
//     what it has written, so a slow disk holds up its sender.
//   - After 10 s without progress both sides say so ([File].Still). After 30 s a side on
//     which nothing moves fails one file ([WhyStuck]). Time without a path does not count.
//   - A signal about an unknown file, or one that does not fit the file's state, changes
//     nothing and is reported to [Config].OnDrop.
//
// # What outlives a link
//
// A call may lose its link and make another. Files, their numbers, the digests of
// their pieces and the [Sink] outlive the link; its channel does not. Over the next
// link the sender offers its files again and repeats its ends ([Transfers.Resume]). The
// receiver answers with take from the first piece that it has not written, with saved,
// or with refuse. A receiver whose page was reloaded knows none of this, asks its person
// anew and takes the file from its start. No file outlives the call ([Transfers.End]).
package files
