package files

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"pushcall/internal/jsonobject"
	"pushcall/signaling"
)

// ErrSignal is returned by Parse for an object that is no signal about a file.
var ErrSignal = errors.New("files: not a signal about a file")

// A Signal is an in-band message about one file. In JSON, "type" is its kind and
// "file" the file's number. The kinds, which side sends them, and their other
// members:
//
//	file        sender: "name", "size": offers the file
//	withdraw    sender: the offer ends, or the transfer; "why" where it failed
//	done        sender: all pieces are sent; "digest" of the file
//	take        receiver: asks for the file, from the offset "at" on
//	got         receiver: it has arrived up to the offset "at"
//	saved       receiver: it is whole and written
//	refuse      receiver: does not want the file; "why" where it failed
type Signal struct {
	Kind   string
	Number int
	Name   string // clean: see signaling.CleanFileName
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

// whyNames are the causes of failure that one side tells the other, by Why.
var whyNames = []string{"", "read", "write", "room", "damaged", "many", "stuck"}

// IsSignal reports whether messages of a kind are about files.
func IsSignal(kind string) bool { return isSendersSignal(kind) || isReceiversSignal(kind) }

func isSendersSignal(kind string) bool {
	return kind == kindFile || kind == kindWithdraw || kind == kindDone
}

func isReceiversSignal(kind string) bool {
	return kind == kindTake || kind == kindGot || kind == kindSaved || kind == kindRefuse
}

// Format writes all members but "type".
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

// Parse reads a signal of a kind of which IsSignal holds. Its errors wrap
// ErrSignal.
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
