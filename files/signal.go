package files

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"pushcall/internal/jsonobject"
	"pushcall/signaling"
)

// ErrSignal is wrapped by the errors of Parse for an object that is no valid signal.
var ErrSignal = errors.New("files: not a signal about a file")

// A Signal is an in-band message about one file. In JSON, "type" is its kind and
// "file" the file's number. The kinds, which side sends them, and their other
// members:
//
//	file        sender: offers the file; "name", "size"
//	withdraw    sender: ends the offer or the transfer; "why" if it failed
//	done        sender: has sent all pieces; "digest" of the file
//	take        receiver: asks for the pieces from the offset "at" on
//	got         receiver: acknowledges the octets up to the offset "at"
//	saved       receiver: has written the complete file
//	refuse      receiver: ends the offer or the transfer; "why" if it failed
type Signal struct {
	Kind   string
	Number int
	Name   string // as signaling.CleanFileName returns it
	Size   int64  // octets
	At     int64  // octets
	Digest Digest
	Why    Why
}

const (
	kindFile     = "file"
	kindWithdraw = "withdraw"
	kindDone     = "done"
	kindTake     = "take"
	kindGot      = "got"
	kindSaved    = "saved"
	kindRefuse   = "refuse"
)

// whyNames has the name in a signal of each Why that one side tells the other.
var whyNames = []string{"", "read", "write", "room", "damaged", "many", "stuck"}

// IsSignal reports whether messages of a kind are about files.
func IsSignal(kind string) bool { return isSendersSignal(kind) || isReceiversSignal(kind) }

func isSendersSignal(kind string) bool {
	return kind == kindFile || kind == kindWithdraw || kind == kindDone
}

func isReceiversSignal(kind string) bool {
	return kind == kindTake || kind == kindGot || kind == kindSaved || kind == kindRefuse
}

// Format writes all members of the signal but "type".
func (s Signal) Format(b *jsonobject.Builder) {
	b.Int("file", int64(s.Number))
	switch s.Kind {
	case kindFile:
		b.String("name", s.Name).Int("size", s.Size)
	case kindTake, kindGot:
		b.Int("at", s.At)
	case kindDone:
		b.String("digest", hex.EncodeToString(s.Digest[:]))
	case kindWithdraw, kindRefuse:
		if s.Why != NoWhy && int(s.Why) < len(whyNames) {
			b.String("why", whyNames[s.Why])
		}
	}
}

// Parse reads a signal of a kind for which IsSignal is true. Its errors wrap ErrSignal.
func Parse(kind string, object jsonobject.Object) (Signal, error) {
	s := Signal{Kind: kind, Number: int(object.Int("file"))}
	if s.Number < 1 || s.Number > MaxSize {
		return Signal{}, fmt.Errorf("%w: %s without a file", ErrSignal, kind)
	}
	switch kind {
	case kindFile:
		s.Name, s.Size = signaling.CleanFileName(object.String("name")), object.Int("size")
	case kindTake, kindGot:
		s.At = object.Int("at")
	case kindDone:
		digest, err := hex.DecodeString(object.String("digest"))
		if err != nil || len(digest) != len(s.Digest) {
			return Signal{}, fmt.Errorf("%w: %s without a digest", ErrSignal, kind)
		}
		s.Digest = Digest(digest)
	case kindWithdraw, kindRefuse:
		s.Why = Why(max(0, slices.Index(whyNames, object.String("why"))))
	}
	if s.Size < 0 || s.Size > MaxSize || s.At < 0 || s.At > MaxSize {
		return Signal{}, fmt.Errorf("%w: %s of %d octets, at %d", ErrSignal, kind, s.Size, s.At)
	}
	return s, nil
}
