//go:build js && wasm

package page

import (
	"context"
	"errors"
	"time"

	"pushcall/call"
	"pushcall/files"
	"pushcall/internal/config"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/webpush"
)

// ErrOwnSubscription is what a Phone's Dial returns for one's own card.
var ErrOwnSubscription = errors.New("page: own subscription")

// Phone is what the page asks of the program. Methods that take a context may
// block, for permission prompts and the network: the page calls them on
// goroutines of its own, never in a callback. The others return at once.
type Phone interface {
	// Prepare gets what a call needs: the permission to notify and a
	// subscription, where none is known to be there.
	Prepare(ctx context.Context) error
	// Dial, after Prepare, calls the owner of a card or plain subscription, and
	// keeps them as a contact. video says to send the camera, too. An error says
	// why it was not even tried: [phonebook.ErrOtherAddress] that the person is to
	// choose between CallContact and DialElsewhere, [call.ErrBlocked] that they
	// have blocked whom the card is of.
	Dial(ctx context.Context, text string, video bool) error
	// DialElsewhere, after Prepare, calls a contact at the address of another card
	// than the stored one.
	DialElsewhere(ctx context.Context, card signaling.Card, video bool) error
	// CallContact, after Prepare, calls somebody again whose card is kept: a contact,
	// or a stranger of the list of calls.
	CallContact(ctx context.Context, identity webpush.PublicKey, video bool) error
	// AddContact keeps the owner of a card, who has not been called, under a name.
	AddContact(ctx context.Context, card signaling.Card, name string) error
	// Card returns this browser's card, and the address of the page that a link
	// with it leads to.
	Card(ctx context.Context) (card signaling.Card, base string, err error)
	// IsOwn tells whether a card is this browser's own, older ones included.
	IsOwn(card signaling.Card) bool

	// Answer takes a call that rings here, Decline refuses it. A call that does
	// not ring any more is left alone.
	Answer(id signaling.CallID)
	Decline(id signaling.CallID)
	HangUp()
	SendText(text string)
	// SendAgain sends a text that was lost in a call before, now or in the next.
	SendAgain(with webpush.PublicKey, t call.Text)
	// SetSource has a source of this browser's sent, or not: in this call, or in
	// the one that rings here once it is answered. The end of a call ends all.
	SetSource(source browser.Source, on bool)
	// ChooseDevice has a source captured by another device, from now on.
	ChooseDevice(source browser.Source, id string)
	// KeepSpeaker keeps what the friend is heard by, for UseSpeaker of the visits
	// to come.
	KeepSpeaker(id string)
	// Quality asks the browser how well the call goes.
	Quality(ctx context.Context) (browser.Quality, error)

	// SendFiles offers files to the friend.
	SendFiles(files []browser.File)
	// AcceptFile takes a file that is offered here. Alone, the person may be asked
	// where to keep it.
	AcceptFile(ctx context.Context, f files.File, alone bool) error
	// CancelFile refuses, withdraws or gives up a file.
	CancelFile(mine bool, number int)
	// SaveFile saves a file once more that has come.
	SaveFile(ctx context.Context, number int) error

	// SaveContact makes somebody who has called a contact, or gives a contact
	// another name.
	SaveContact(ctx context.Context, identity webpush.PublicKey, name string) error
	// Block drops all that a contact sends, or takes that back.
	Block(ctx context.Context, identity webpush.PublicKey, blocked bool) error
	// DeleteContact forgets a contact.
	DeleteContact(ctx context.Context, identity webpush.PublicKey) error
	// SafetyWords are those of the connection that is in use: both people see
	// the same if nobody sits between them.
	SafetyWords(ctx context.Context) ([]string, error)
	// SetVerified keeps what two people have found who compared them.
	SetVerified(ctx context.Context, identity webpush.PublicKey, verified bool) error
	// CallsSeen tells that the person has looked at the list of calls.
	CallsSeen()

	// Texts returns what is kept of the conversation with a contact, the oldest
	// first.
	Texts(ctx context.Context, identity webpush.PublicKey) ([]call.Text, error)
	// TextsSeen tells that the person has seen what somebody wrote.
	TextsSeen(identity webpush.PublicKey)
	// DeleteTexts forgets the conversation with a contact, DeleteAllTexts all of
	// them.
	DeleteTexts(ctx context.Context, identity webpush.PublicKey) error
	DeleteAllTexts(ctx context.Context) error

	// UseHere takes the line from the tab that has it.
	UseHere()
	// TestLine pushes to this browser itself and reports each leg as it is
	// known. The error is that of the last leg reported.
	TestLine(ctx context.Context, report func(Leg)) error
	// NewNumber makes a new key and subscription, and pushes the new card to
	// all contacts who are not blocked: told counts those whose push service
	// took it, failed those whose did not.
	NewNumber(ctx context.Context) (told, failed int, err error)
	// Export returns a file with contacts, calls and messages, under a passphrase.
	Export(ctx context.Context, passphrase string) ([]byte, error)
	// OpenArchive reads such a file, and takes nothing in.
	OpenArchive(ctx context.Context, passphrase string, file browser.File) (phonebook.Archive, Origin, error)
	// Import takes an archive in, has friends follow to this browser if the archive
	// is from elsewhere, and loads the page anew.
	Import(ctx context.Context, archive phonebook.Archive) error
	// Acknowledge tells that the person knows of a contact who has moved.
	Acknowledge(ctx context.Context, identity webpush.PublicKey) error
	// Own returns what the person has in place of the servers and the relay of
	// this page, and what this page has.
	Own() (own, host config.Own)
	// SetOwn keeps it, for the next call and those after it; a
	// [config.FieldError] says what is wrong with it.
	SetOwn(ctx context.Context, own config.Own) error
	// TestConnection finds out by what ways this browser could be reached with
	// the servers in own, and reports each Way once. An error is for a test that
	// could not be made.
	TestConnection(ctx context.Context, own config.Own, report func(Way)) error
	// OpenDevices opens a microphone and a camera, for which the browser may ask
	// the person, until they are closed again: it names its devices to nobody
	// who may not use them. An error says that there is neither.
	OpenDevices(ctx context.Context) (close func(), err error)
	Settings() Settings
	SetSettings(ctx context.Context, settings Settings) error
}

// Sending is what there is to show of a source of this browser's.
type Sending struct {
	On     bool           // it is wanted
	Asking bool           // and the browser asks the person, or opens the device
	Own    browser.Stream // what is captured
	Device string         // the id of what captures it, or would
	Err    error          // why it was wanted and is not on
}

// Settings are what the person decides.
type Settings struct {
	Name     string // as friends see it: a claim
	RingTone bool   // a call is heard, too
	Language string // the page is in it when it is next loaded; "" for what the browser has
	Early    bool   // connect to a contact while it rings, which shows them a network address

	ContactsOnly bool // the calls of anybody else do not ring
}

// Origin is where an archive is from.
type Origin uint8

const (
	OriginElsewhere Origin = iota
	OriginHere             // this browser has written it
	OriginBefore           // it was imported here before
)

// Leg is a part of the way of a push message that this browser sends itself.
type Leg struct {
	Name LegName
	Took time.Duration
	Err  error // why the way ends here
}

// LegName says which part of the way a Leg is.
type LegName uint8

// The legs of a test, in their order.
const (
	LegPermission   LegName = iota // the person lets this page notify
	LegSubscription                // the push service knows this browser
	LegService                     // the push service took the message
	LegReturn                      // the message came to this browser
)

// Way is a way by which others can reach this browser, or why there is none.
type Way struct {
	Name    WayName
	Address string // where it begins; "" if the browser does not tell
	Err     error
}

// WayName says which way a Way is.
type WayName uint8

// The ways, in the order in which a call tries them.
const (
	WayNetwork  WayName = iota // from within this network
	WayInternet                // from the internet, at the address that a STUN server sees
	WayTURN                    // through a TURN server
)

// Why there may be no way.
var (
	ErrNoServer    = errors.New("page: no server that could find it")
	ErrNothingCame = errors.New("page: nothing came in time")
)

// Notice is something that happened without the person.
type Notice uint8

const (
	// NoticeStoreLacks says that a part of what this browser has stored cannot be
	// read.
	NoticeStoreLacks Notice = iota
	// NoticeLineRepaired says that the browser had dropped the subscription
	// and that there is a new one.
	NoticeLineRepaired
	// NoticeOutdated says that a newer version of the page is open in another
	// tab, and that this one keeps nothing any more.
	NoticeOutdated
)
