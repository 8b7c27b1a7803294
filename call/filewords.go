package call

import (
	"encoding/hex"
	"fmt"
	"slices"

	"pushcall/internal/jsonobject"
	"pushcall/signaling"
)

// What is said of a file in-band, by its sender and by its receiver. Each
// message has "file": the file's number.
//
//	file        sender: "name", "size": whether they want it
//	withdraw    sender: it is not to be had any more; "why" where it failed
//	done        sender: all was sent; "digest"
//	take        receiver: send it, from "at" on
//	got         receiver: it has come as far as "at"
//	saved       receiver: it is whole
//	refuse      receiver: do not send it; "why" where it failed
const (
	signalFile     = "file"
	signalWithdraw = "withdraw"
	signalDone     = "done"
	signalTake     = "take"
	signalGot      = "got"
	signalSaved    = "saved"
	signalRefuse   = "refuse"
)

// fileWords is what these messages say.
type fileWords struct {
	number int
	name   string // clean
	size   int64
	at     int64
	digest Digest
	why    Why
}

var whyNames = []string{"", "read", "write", "room", "damaged", "many", "stuck"} // what there is to say to the other side

func isFileSignal(kind string) bool { return isSendersSignal(kind) || isReceiversSignal(kind) }

func isSendersSignal(kind string) bool {
	return kind == signalFile || kind == signalWithdraw || kind == signalDone
}

func isReceiversSignal(kind string) bool {
	return kind == signalTake || kind == signalGot || kind == signalSaved || kind == signalRefuse
}

func (f fileWords) format(kind string, b *jsonobject.Builder) {
	b.Int("file", int64(f.number))
	switch kind {
	case signalFile:
		b.String("name", f.name).Int("size", f.size)
	case signalTake, signalGot:
		b.Int("at", f.at)
	case signalDone:
		b.String("digest", hex.EncodeToString(f.digest[:]))
	case signalWithdraw, signalRefuse:
		if f.why != NoWhy && int(f.why) < len(whyNames) {
			b.String("why", whyNames[f.why])
		}
	}
}

func parseFileWords(kind string, object jsonobject.Object) (fileWords, error) {
	f := fileWords{number: int(object.Int("file"))}
	if f.number < 1 || f.number > MaxFile {
		return fileWords{}, fmt.Errorf("%w: %s without a file", ErrSignal, kind)
	}
	switch kind {
	case signalFile:
		f.name, f.size = signaling.CleanFileName(object.String("name")), object.Int("size")
	case signalTake, signalGot:
		f.at = object.Int("at")
	case signalDone:
		digest, err := hex.DecodeString(object.String("digest"))
		if err != nil || len(digest) != len(f.digest) {
			return fileWords{}, fmt.Errorf("%w: %s without a digest", ErrSignal, kind)
		}
		f.digest = Digest(digest)
	case signalWithdraw, signalRefuse:
		f.why = Why(max(0, slices.Index(whyNames, object.String("why"))))
	}
	if f.size < 0 || f.size > MaxFile || f.at < 0 || f.at > MaxFile {
		return fileWords{}, fmt.Errorf("%w: %s of %d octets, at %d", ErrSignal, kind, f.size, f.at)
	}
	return f, nil
}
