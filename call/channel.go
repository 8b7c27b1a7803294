package call

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"pushcall/files"
	"pushcall/internal/jsonobject"
	"pushcall/signaling"
)

// MaxTextLength is the length of the longest text; UTF-16 code units, as browsers count
// them.
const MaxTextLength = 10_000

// MaxText is the size of the longest text; octets of UTF-8, of which a code unit takes up
// to three.
const MaxText = 3 * MaxTextLength

// MaxTextID is the size of the longest Text.ID; octets.
const MaxTextID = 64

// ErrSignal is wrapped by the error for a malformed in-band message.
var ErrSignal = errors.New("call: not an in-band message")

// ErrTextTooLong is returned for a text above MaxText.
var ErrTextTooLong = errors.New("call: text message too long")

// A signal is a message on the data channel: a JSON object whose other members depend on
// its "type".
//
//	offer, answer   "sdp"
//	candidate       "candidate", "mid"
//	text            "text", "number": counted by its sender; "id" of a text that is sent again
//	media           "sends": names of Media that the sender sends, or would once the call is answered
//	bye             "got"; "reason": "no answer", "flood", "left", or absent: the sender has ended the call
//	ping            "got": the sender runs, and has received the texts up to that number
//	accept          "got": a ping of a callee whose person has answered
//	deaf            none: the sender runs, and receives nothing
//	card            "card", "time": the callee's own, once its person has answered
//	secret          "secret": the caller's of this round; see type secret
//
// A signal about a file is a files.Signal.
type signal struct {
	kind      string
	sdp       string
	candidate Candidate
	text      string // of a text; of a bye, its reason
	id        string // of a text that was lost in an earlier call
	media     Media
	number    int // of a text; of a ping, an accept or a bye: of the newest text received
	secret    secret
	card      signaling.Card
	time      time.Time // of a card, by the clock of its sender
	file      files.Signal
}

const (
	signalOffer     = "offer"
	signalAnswer    = "answer"
	signalCandidate = "candidate"
	signalText      = "text"
	signalMedia     = "media"
	signalAccept    = "accept"
	signalBye       = "bye"
	signalPing      = "ping"
	signalDeaf      = "deaf"
	signalSecret    = "secret"
	signalCard      = "card"

	byeNoAnswer = "no answer"
	byeLeft     = "left"  // the sender's page goes away
	byeFlood    = "flood" // the receiver of the bye has sent too much
)

func (s signal) format() string {
	var b jsonobject.Builder
	b.String("type", s.kind)
	switch s.kind {
	case signalOffer, signalAnswer:
		b.String("sdp", s.sdp)
	case signalCandidate:
		b.String("candidate", s.candidate.Candidate).String("mid", s.candidate.SDPMid)
	case signalText:
		b.String("text", s.text).Int("number", int64(s.number))
		if s.id != "" {
			b.String("id", s.id)
		}
	case signalMedia:
		b.String("sends", s.media.names())
	case signalPing, signalAccept:
		b.Int("got", int64(s.number))
	case signalSecret:
		b.String("secret", s.secret.String())
	case signalCard:
		b.Raw("card", s.card.JSON()).Int("time", jsonobject.Milliseconds(s.time))
	case signalBye:
		b.Int("got", int64(s.number))
		if s.text != "" {
			b.String("reason", s.text)
		}
	default:
		if files.IsSignal(s.kind) {
			s.file.Format(&b)
		}
	}
	return string(b.Bytes())
}

func parseSignal(text string) (signal, error) {
	if len(text) > maxSignalSize {
		return signal{}, fmt.Errorf("%w: %d octets", ErrSignal, len(text))
	}
	object, err := jsonobject.Parse([]byte(text))
	if err != nil {
		return signal{}, fmt.Errorf("%w: %w", ErrSignal, err)
	}
	s := signal{kind: object.String("type")}
	switch s.kind {
	case signalOffer, signalAnswer:
		s.sdp = object.String("sdp")
		if s.sdp == "" || len(s.sdp) > maxDescriptionSize {
			return signal{}, fmt.Errorf("%w: %s with an sdp of %d octets", ErrSignal, s.kind, len(s.sdp))
		}
	case signalCandidate:
		s.candidate = Candidate{Candidate: object.String("candidate"), SDPMid: object.String("mid")}
		if size := len(s.candidate.Candidate) + len(s.candidate.SDPMid); size > maxCandidateSize {
			return signal{}, fmt.Errorf("%w: candidate of %d octets", ErrSignal, size)
		}
	case signalText:
		s.text, s.number, s.id = object.String("text"), int(object.Int("number")), object.String("id")
		if s.text == "" || len(s.text) > MaxText || !utf8.ValidString(s.text) || s.number < 1 || len(s.id) > MaxTextID || !utf8.ValidString(s.id) {
			return signal{}, fmt.Errorf("%w: text of %d octets", ErrSignal, len(s.text))
		}
	case signalMedia:
		s.media = parseMedia(object.String("sends"))
	case signalBye:
		s.text, s.number = object.String("reason"), int(object.Int("got"))
	case signalPing, signalAccept:
		s.number = int(object.Int("got"))
	case signalDeaf:
	case signalCard:
		s.time = jsonobject.TimeOf(object.Int("time"))
		if s.card, err = signaling.CardOf(object.Object("card")); err != nil {
			return signal{}, fmt.Errorf("%w: %w", ErrSignal, err)
		}
	case signalSecret:
		if s.secret, err = parseSecret(object.String("secret")); err != nil {
			return signal{}, err
		}
	default:
		if !files.IsSignal(s.kind) {
			return signal{}, fmt.Errorf("%w: type %q", ErrSignal, s.kind)
		}
		if s.file, err = files.Parse(s.kind, object); err != nil {
			return signal{}, fmt.Errorf("%w: %w", ErrSignal, err)
		}
	}
	return s, nil
}
