package speech

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"pushcall/app"
	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// Word is one of the words of the status, in English.
type Word string

// The words of the status. Tests and assistive technology rely on them.
const (
	Ready        Word = "Ready"
	Calling      Word = "Calling…"
	Ringing      Word = "Ringing…"
	Connecting   Word = "Connecting…"
	Connected    Word = "Connected"
	Reconnecting Word = "Reconnecting…"
	CallEnded    Word = "Call ended"
	Declined     Word = "Declined"
	Busy         Word = "Busy"
	NoAnswer     Word = "No answer"
	MissedCall   Word = "Missed call"
	Unreachable  Word = "Unreachable"
	Elsewhere    Word = "Open in another tab"
	Offline      Word = "Offline"
	CallsOff     Word = "Calls are off"
)

// SayWord says a word of the status.
func (v Voice) SayWord(w Word) string { return v.Say(string(w)) }

// Look is how the page looks: the body's data-state.
type Look string

// The values of data-state.
const (
	AtRest         Look = "ready"
	AtCalling      Look = "calling"
	AtRinging      Look = "ringing"
	AtConnecting   Look = "connecting"
	AtConnected    Look = "connected"
	AtReconnecting Look = "reconnecting"
	AtEnd          Look = "ended"
	AtFailure      Look = "failed"
	AtElsewhere    Look = "elsewhere"
	AtOffline      Look = "offline"
)

// Saying describes the state of the phone to the person: one word, where it helps a
// plain sentence or two, and the technical cause for whoever asks for it.
type Saying struct {
	State    Look
	Word     Word
	Sentence string
	Cause    error
}

// StillWaiting is said when something takes longer than it should.
func (v Voice) StillWaiting() Saying {
	return Saying{State: AtRest, Word: Ready,
		Sentence: v.Say("Still waiting. If your browser asks whether this page may notify you, answer there; or press the button again.")}
}

// OpenElsewhere is said while another tab has the line.
func (v Voice) OpenElsewhere() Saying {
	return Saying{State: AtElsewhere, Word: Elsewhere,
		Sentence: v.Say("Calls ring there. If you use Pushcall here instead, a call in that tab ends.")}
}

// SayReach says who can be reached, before and between calls.
func (v Voice) SayReach(reach app.Reach) Saying {
	switch reach {
	case app.ReachNone:
		return Saying{State: AtOffline, Word: Offline, Sentence: v.Say("This device has no connection. Calls work again as soon as it is back.")}
	case app.ReachDirect:
		return Saying{State: AtRest, Word: Ready, Sentence: v.sentenceOfRelay()}
	default:
		return Saying{State: AtRest, Word: Ready}
	}
}

// WhileOffline says of a call how it is with it while this device is offline.
func (v Voice) WhileOffline(s Saying) Saying {
	if s.Word == Reconnecting {
		s.Sentence = v.Say("This device has no connection. The call goes on if it is back soon.")
	}
	return s
}

// sentenceOfRelay says what does not work as long as no relay answers.
func (v Voice) sentenceOfRelay() string {
	return v.Say("A server is down. Some friends cannot be called until it is back.")
}

// sentenceOfOffline says why something did not work.
func (v Voice) sentenceOfOffline() string {
	return v.Say("This device has no connection. Try again when it is back.")
}

// CouldNotSave says that nothing could be stored.
func (v Voice) CouldNotSave() string {
	return v.Say("This could not be saved. Try again, or reload the page.")
}

// SayCall says where a call is, or why it ended.
func (v Voice) SayCall(c call.Call) Saying {
	switch c.State {
	case call.Dialing:
		if !c.Again.IsZero() {
			return Saying{State: AtCalling, Word: Calling, Sentence: v.sentenceOfBusy(c), Cause: c.Err}
		}
		return Saying{State: AtCalling, Word: Calling, Sentence: v.Say("Waiting for an answer.")}
	case call.Ringing:
		if c.Waits {
			return Saying{State: AtRinging, Word: Ringing, Sentence: v.Say("{name} is in another call and sees that you are calling.", "name", v.NameOf(c))}
		}
		if c.Outgoing {
			return Saying{State: AtRinging, Word: Ringing, Sentence: v.Say("It rings over there. Waiting for an answer.")}
		}
		return Saying{State: AtRinging, Word: Ringing, Sentence: v.Say("{name} is calling.", "name", v.caller(c))}
	case call.Connecting:
		if !c.Again.IsZero() {
			return Saying{State: AtConnecting, Word: Connecting, Sentence: v.sentenceOfBusy(c), Cause: c.Err}
		}
		return Saying{State: AtConnecting, Word: Connecting, Sentence: v.Say("Looking for the shortest way between you.")}
	case call.Connected:
		return Saying{State: AtConnected, Word: Connected}
	case call.Reconnecting:
		return Saying{State: AtReconnecting, Word: Reconnecting, Sentence: v.Say("One moment: there is no need to call again.")}
	case call.Ended:
		s := v.sayEnd(c)
		if c.Err != call.ErrLeft { // the sentence says it all
			s.Cause = c.Err
		}
		return s
	default:
		return Saying{State: AtRest, Word: Ready}
	}
}

// sayEnd says why a call ended, and what the person can do about it.
func (v Voice) sayEnd(c call.Call) Saying {
	if c.Outgoing {
		return v.sayEndOutgoing(c)
	}
	return v.sayEndIncoming(c)
}

func (v Voice) sayEndOutgoing(c call.Call) Saying {
	if errors.Is(c.Err, call.ErrNotReady) {
		return v.SayRefused(c.Err)
	}
	switch c.Reason {
	case call.Cancelled:
		return Saying{State: AtEnd, Word: CallEnded, Sentence: v.Say("You hung up before there was an answer.")}
	case call.Declined:
		return Saying{State: AtEnd, Word: Declined, Sentence: v.Say("{name} did not take the call.", "name", v.friend(c))}
	case call.Busy:
		return Saying{State: AtEnd, Word: Busy, Sentence: v.Say("{name} is in another call. Try again later.", "name", v.friend(c))}
	case call.NoAnswer:
		return Saying{State: AtEnd, Word: NoAnswer, Sentence: v.Say("{name} did not answer within {n} seconds.", "name", v.friend(c), "n", ringSeconds)}
	case call.Unreachable:
		return Saying{State: AtFailure, Word: Unreachable,
			Sentence: v.Say("The push service no longer knows this friend's address. Ask for a new card.")}
	case call.Refused:
		return Saying{State: AtFailure, Word: Unreachable, Sentence: v.sentenceOfRefused(c.Err)}
	case call.TooMany:
		return Saying{State: AtFailure, Word: Unreachable, Sentence: v.sentenceOfTooMany(c.Err)}
	case call.Undelivered:
		return Saying{State: AtFailure, Word: Unreachable, Sentence: v.sentenceOfUndelivered(c.Err)}
	default:
		return v.sayEndEither(c)
	}
}

// sentenceOfRefused is for a push service that takes no message from this sender,
// though its token is new.
func (v Voice) sentenceOfRefused(err error) string {
	if errors.Is(err, app.ErrClock) {
		return v.sentenceOfClock()
	}
	return v.Say("This card does not let you ring any more. Ask for a new one.")
}

func (v Voice) sentenceOfClock() string {
	return v.Say("The clock of this device is wrong, so no call gets through. Set the clock and try again.")
}

// sentenceOfUnnamed is for who hosts the page.
func (v Voice) sentenceOfUnnamed() string {
	return v.Say("The service that would ring takes no calls from this page. Whoever hosts the page can change that.")
}

// sayEndIncoming says what became of a call to this phone. What cannot be
// delivered of such a call is its answer.
func (v Voice) sayEndIncoming(c call.Call) Saying {
	switch c.Reason {
	case call.Cancelled:
		return Saying{State: AtEnd, Word: MissedCall, Sentence: v.Say("{name} hung up before you were connected.", "name", v.caller(c))}
	case call.NoAnswer:
		return Saying{State: AtEnd, Word: MissedCall, Sentence: v.Say("{name} rang for {n} seconds.", "name", v.caller(c), "n", ringSeconds)}
	case call.Declined:
		return Saying{State: AtEnd, Word: CallEnded, Sentence: v.Say("You did not take the call.")}
	case call.Busy:
		return Saying{State: AtEnd, Word: CallEnded, Sentence: v.Say("You were in another call.")}
	case call.Unreachable, call.Refused:
		if errors.Is(c.Err, app.ErrClock) {
			return Saying{State: AtFailure, Word: Unreachable, Sentence: v.sentenceOfClock()}
		}
		return Saying{State: AtFailure, Word: Unreachable, Sentence: v.Say("Your answer did not get through. Ask for a new card, then call back.")}
	case call.TooMany, call.Undelivered:
		return Saying{State: AtFailure, Word: Unreachable, Sentence: v.Say("Your answer did not get through. Check your connection, then call back.")}
	default:
		return v.sayEndEither(c)
	}
}

func (v Voice) sayEndEither(c call.Call) Saying {
	switch {
	case c.Reason == call.Unnamed:
		return Saying{State: AtFailure, Word: Unreachable, Sentence: v.sentenceOfUnnamed()}
	case c.Reason == call.Uncarried:
		return Saying{State: AtFailure, Word: Unreachable,
			Sentence: v.Say("The service that rings this friend cannot be reached from this page. Whoever hosts the page can change that.")}
	case c.Err == call.ErrLeft:
		return Saying{State: AtEnd, Word: CallEnded, Sentence: v.Say("Their page has closed.")}
	case c.Reason == call.HungUp:
		return Saying{State: AtEnd, Word: CallEnded}
	case c.Err == call.ErrFlood:
		return Saying{State: AtFailure, Word: CallEnded, Sentence: v.Say("Your friend's page sent more than this one takes, so it ended the call.")}
	case c.Err == call.ErrFlooded:
		return Saying{State: AtFailure, Word: CallEnded, Sentence: v.Say("This page sent more than your friend's takes, so theirs ended the call.")}
	case c.Reason == call.Network && c.Since.IsZero():
		return Saying{State: AtFailure, Word: CallEnded,
			Sentence: v.Say("The two browsers found no way to each other. Another network, on either side, often helps.")}
	case c.Reason == call.Network:
		return Saying{State: AtFailure, Word: CallEnded, Sentence: v.Say("The connection was lost. Call again.")}
	default:
		return Saying{State: AtFailure, Word: CallEnded, Sentence: v.Say("Something went wrong. If it happens again, both of you reload the page.")}
	}
}

var ringSeconds = strconv.Itoa(int(call.RingTime / time.Second))

// friend begins a sentence about who was called.
func (v Voice) friend(c call.Call) string {
	if name := v.NameOf(c); name != v.Say(unnamedFriend) {
		return name
	}
	return v.Say(yourFriend)
}

// caller begins a sentence about who has called.
func (v Voice) caller(c call.Call) string {
	if name := v.NameOf(c); name != v.Say(unknownCaller) {
		return name
	}
	return v.Say("An unknown caller")
}

// sentenceOfBusy says what a call waits for.
func (v Voice) sentenceOfBusy(c call.Call) string {
	var tooMany *webpush.TooManyRequestsError
	switch {
	case errors.As(c.Err, &tooMany):
		return v.Say("The service that rings this friend has had too many calls. The next attempt is {when}.", "when", v.wait(time.Until(c.Again)))
	case errors.Is(c.Err, webpush.ErrUnavailable):
		return v.Say("The service that rings this friend is out of order at the moment. The next attempt is {when}.", "when", v.wait(time.Until(c.Again)))
	}
	return v.Say("The server that passes calls on to this friend is busy. The next attempt is {when}.", "when", v.wait(time.Until(c.Again)))
}

func (v Voice) sentenceOfTooMany(err error) string {
	var busy *call.BusyError
	if errors.As(err, &busy) {
		return v.Say("The server that passes calls on to this friend is busy. Try again {when}.", "when", v.wait(busy.RetryAfter))
	}
	after := v.Say("in a few minutes")
	var tooMany *webpush.TooManyRequestsError
	if errors.As(err, &tooMany) && tooMany.RetryAfter > 0 {
		after = v.wait(tooMany.RetryAfter)
	}
	return v.Say("The service that rings this friend has had too many calls. Try again {when}.", "when", after)
}

func (v Voice) sentenceOfUndelivered(err error) string {
	var unavailable *webpush.UnavailableError
	switch {
	case errors.Is(err, app.ErrOffline):
		return v.sentenceOfOffline()
	case errors.As(err, &unavailable):
		return v.Say("The service that rings this friend is out of order at the moment. Try again {when}.", "when", v.wait(unavailable.RetryAfter))
	case errors.Is(err, app.ErrRelay):
		return v.Say("The server that passes calls on to this friend cannot be reached. Check your connection and try again.")
	case errors.Is(err, webpush.ErrUnavailable):
		return v.Say("The service that rings this friend is out of order at the moment. Try again in a minute.")
	default:
		return v.Say("The service that rings this friend cannot be reached. Check your connection and try again.")
	}
}

// SayRefused says why this browser is not ready for calls.
func (v Voice) SayRefused(err error) Saying {
	s := Saying{State: AtFailure, Word: Unreachable, Cause: err}
	switch {
	case errors.Is(err, app.ErrOffline):
		s.Sentence = v.sentenceOfOffline()
	case errors.Is(err, app.ErrPermissionDenied):
		s.Word = CallsOff
		s.Sentence = v.Say("Notifications are blocked for this page, so no call can ring here.") + " " + v.neitherWay() + " " + v.stillWorks()
		s.Cause = nil // there is nothing more to it
	case errors.Is(err, app.ErrPermissionDismissed):
		s = Saying{State: AtRest, Word: Ready, Sentence: v.Say("A call rings by a notification. Press the button again and choose Allow.")}
	case errors.Is(err, app.ErrNoPush):
		s.Word = CallsOff
		s.Sentence = v.Say("No call can ring here: use a current browser, no private window, and an address that begins with https.") + " " + v.neitherWay() + " " + v.stillWorks()
	case errors.Is(err, app.ErrNoWorker):
		s.Sentence = v.Say("The part of Pushcall that hears calls could not be loaded. Check your connection and reload the page.")
	case errors.Is(err, webpush.ErrDeadEndpoint):
		s.Sentence = v.Say("Your browser has an address for this page that no call reaches, and gives out no other. Restart the browser.")
	case errors.Is(err, app.ErrSubscribe):
		s.Sentence = v.Say("Your browser cannot reach the service that rings it. Check your connection and try again.")
	default:
		s.Sentence = v.Say("Something went wrong. Try again, or reload the page.")
	}
	return s
}

// neitherWay says why nobody can be called from a browser that cannot be rung.
func (v Voice) neitherWay() string {
	return v.Say("Nor can you call from here: your friend's answer would come the same way.")
}

// stillWorks says what does not need calls.
func (v Voice) stillWorks() string {
	return v.Say("All else works: save friends, read messages, move to another browser.")
}

// SayMute says why no call can ring here any more.
func (v Voice) SayMute(err error) Saying {
	s := v.SayRefused(err)
	if !app.CallsOff(err) { // which says so
		s.State, s.Word = AtFailure, Unreachable
		s.Sentence = v.Say("No call can ring here.") + " " + s.Sentence
	}
	return s
}

// SentenceOfDial says why what was pasted cannot be called.
func (v Voice) SentenceOfDial(err error) string {
	switch {
	case errors.Is(err, signaling.ErrNotJSON):
		return v.Say("This is neither a card nor a link to one. Copy all of it and paste it again.")
	case errors.Is(err, signaling.ErrShortCard):
		return v.Say("This link is damaged: a part of it is missing. Ask your friend to send it again.")
	case errors.Is(err, webpush.ErrDeadEndpoint):
		return v.Say("This card is out of date: its address rings nowhere any more. Ask your friend for a new one.")
	case errors.Is(err, signaling.ErrNotSubscription):
		return v.Say("This is not a card, or a part of it is missing. Ask your friend to copy it again.")
	case errors.Is(err, signaling.ErrPrivateKey), errors.Is(err, signaling.ErrIdentity):
		return v.Say("This card is damaged. Ask your friend to copy it again.")
	case errors.Is(err, app.ErrOwnSubscription):
		return v.Say("This is your own card. Paste the one your friend has sent you.")
	case errors.Is(err, app.ErrNoKey):
		return v.Say("The key that lets you ring is missing. Ask your friend for the card that Pushcall shows.")
	case errors.Is(err, webpush.ErrSubject):
		return v.sentenceOfUnnamed()
	case errors.Is(err, app.ErrLocalEndpoint):
		return v.sentenceOfRefused(err)
	default:
		return v.Say("This did not work. Try again, or reload the page.")
	}
}

// SentenceOfBlocked says why a contact is not called.
func (v Voice) SentenceOfBlocked(c phonebook.Contact) string {
	return v.Say("You have blocked {name}. Unblock them in your contacts first.", "name", v.NameOfContact(c))
}

// SentenceOfMoved warns of a contact with another identity.
func (v Voice) SentenceOfMoved(c phonebook.Contact) string {
	return v.Say("{name} has moved to another browser, and has another mark from now on. Compare safety words in your next call.", "name", v.NameOfContact(c))
}

// SentenceOfNamesake warns of somebody who calls themselves like a contact.
func (v Voice) SentenceOfNamesake(name string) string {
	return v.Say("This is not the “{name}” in your contacts: their mark is another.", "name", name)
}

// SentenceOfLeg says in plain words why a push message to oneself ends where
// it does.
func (v Voice) SentenceOfLeg(leg app.Leg) string {
	var tooMany *webpush.TooManyRequestsError
	switch {
	case leg.Name < app.LegService:
		return v.SayRefused(leg.Err).Sentence
	case errors.Is(leg.Err, app.ErrOffline):
		return v.sentenceOfOffline()
	case leg.Name == app.LegReturn:
		return v.Say("It did not come. Calls may not ring here: restart the browser, or get a new number.")
	case errors.Is(leg.Err, app.ErrClock):
		return v.sentenceOfClock()
	case errors.Is(leg.Err, webpush.ErrSubject):
		return v.sentenceOfUnnamed()
	case errors.Is(leg.Err, call.ErrUncarried):
		return v.Say("The service that rings your browser cannot be reached from this page. Whoever hosts the page can change that.")
	case errors.Is(leg.Err, webpush.ErrGone), errors.Is(leg.Err, webpush.ErrRefused):
		return v.Say("Calls do not come to this browser any more. Get a new number.")
	case errors.As(leg.Err, &tooMany):
		return v.Say("The service that rings your browser has had too many messages. Try again later.")
	case errors.Is(leg.Err, app.ErrRelay):
		return v.Say("The server that passes calls on cannot be reached. Check your connection and try again.")
	case errors.Is(leg.Err, webpush.ErrUnavailable):
		return v.Say("The service that rings your browser is out of order at the moment. Try again in a minute.")
	default:
		return v.Say("The service that rings your browser cannot be reached. Check your connection and try again.")
	}
}

// NoteOf says what is not sent though the person wants it, and what to do: a line for
// each.
func (v Voice) NoteOf(sending [app.Sources]app.Sending) string {
	var lines []string
	for source, s := range sending {
		switch source := app.Source(source); {
		case s.Err != nil:
			lines = append(lines, v.sentenceOfCapture(source, s.Err))
		case s.Muted && source == app.Microphone:
			lines = append(lines, v.Say("This device has muted your microphone, so your friend cannot hear you."))
		case s.Muted:
			lines = append(lines, v.Say("This device has stopped your camera, so your friend cannot see you."))
		}
	}
	if sending[app.Microphone].Asking {
		lines = append(lines, v.Say("Your friend hears you as soon as your browser lets this page use your microphone."))
	}
	return strings.Join(lines, "\n")
}

// sentenceOfCapture says why something cannot be sent.
func (v Voice) sentenceOfCapture(source app.Source, err error) string {
	switch source {
	case app.Microphone:
		switch {
		case errors.Is(err, app.ErrDeviceDenied):
			return v.Say("Your browser does not let this page use your microphone, so your friend cannot hear you. Allow it beside the page's address, then press Unmute.")
		case errors.Is(err, app.ErrNoDevice):
			return v.Say("There is no microphone, so your friend cannot hear you. Connect one, and they can.")
		default:
			return v.Say("Your microphone does not work, or another program has it. Your friend hears you as soon as it works. Press Unmute to try again at once.")
		}
	case app.Camera:
		switch {
		case errors.Is(err, app.ErrDeviceDenied):
			return v.Say("Your browser does not let this page use your camera. Allow it beside the page's address, then press Camera.")
		case errors.Is(err, app.ErrNoDevice):
			return v.Say("There is no camera. Connect one, and your friend sees you.")
		default:
			return v.Say("Your camera does not work, or another program has it. Your friend sees you as soon as it works. Press Camera to try again at once.")
		}
	default:
		return v.Say("Your browser could not share the screen.")
	}
}

// SentenceOfNotice says what happened without the person.
func (v Voice) SentenceOfNotice(n app.Notice) string {
	switch n {
	case app.NoticeStoreLacks:
		return v.Say("A part of what Pushcall has stored here cannot be read. Restart the browser. If that does not help, export the rest: see Settings.")
	case app.NoticeOutdated:
		return v.Say("A newer version of Pushcall is open in another tab. This one saves nothing until it is reloaded.")
	case app.NoticeInstall:
		return v.Say("Install Pushcall: calls ring more reliably, since browsers forget pages that are seldom open.")
	case app.NoticeInstallShare:
		return v.Say("On this device calls ring only from the Home Screen. Press Share in the browser, then Add to Home Screen.")
	case app.NoticeInstallMenu:
		return v.Say("From the Home screen calls ring more reliably. Open the browser's menu, then press Install or Add to Home screen.")
	default:
		return v.Say("Your browser had given up your line. It is repaired, and your contacts are told.")
	}
}

// SentenceOfStored says whether the browser may delete what is stored.
func (v Voice) SentenceOfStored(persisted bool) string {
	if persisted {
		return v.Say("Your number, contacts and messages stay in this browser until you delete them.")
	}
	return v.Say("This browser may delete your number, contacts and messages when its disk is full, or when you stay away for long. With a file that you have exported, you get your contacts and messages back.")
}

// SentenceOfExport says when a file with all that was written last; zero for never.
func (v Voice) SentenceOfExport(at, now time.Time) string {
	if at.IsZero() {
		return v.Say("You have not exported a file yet.")
	}
	return v.Say("Your last file: {moment}.", "moment", v.Moment(at, now))
}

// SentenceOfNumber says who knows the new number.
func (v Voice) SentenceOfNumber(told, failed int) string {
	s := v.Say("You have a new number.")
	if told == 0 && failed == 0 {
		return s + " " + v.Say("Send your new card to your friends.")
	}
	if told > 0 {
		s += " " + v.SayMany(told, "{n} friend was told.", "{n} friends were told.")
	}
	if failed > 0 {
		s += " " + v.SayMany(failed, "{n} could not be told: send them your new card.", "{n} could not be told: send them your new card.")
	}
	return s
}
