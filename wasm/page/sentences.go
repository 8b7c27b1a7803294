//go:build js && wasm

package page

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"pushcall/app"
	"pushcall/call"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/webpush"
)

// word is one of the words of the status, in English.
type word string

// Tests and assistive technology rely on them.
const (
	ready        word = "Ready"
	calling      word = "Calling…"
	ringing      word = "Ringing…"
	connecting   word = "Connecting…"
	connected    word = "Connected"
	reconnecting word = "Reconnecting…"
	callEnded    word = "Call ended"
	declined     word = "Declined"
	busy         word = "Busy"
	noAnswer     word = "No answer"
	missedCall   word = "Missed call"
	unreachable  word = "Unreachable"
	elsewhereNow word = "Open in another tab"
)

// say says it in the person's language.
func (w word) say() string { return browser.Say(string(w)) }

// look is how a saying looks: the body's data-state.
type look string

const (
	atRest         look = "ready"
	atCalling      look = "calling"
	atRinging      look = "ringing"
	atConnecting   look = "connecting"
	atConnected    look = "connected"
	atReconnecting look = "reconnecting"
	atEnd          look = "ended"
	atFailure      look = "failed"
	atElsewhere    look = "elsewhere"
)

// saying is what there is to say of how things are: one word, where it helps
// one plain sentence, and the technical cause for who wants to know.
type saying struct {
	state    look
	word     word
	sentence string
	cause    error
}

// stillWaiting is said when something takes longer than it should.
func stillWaiting() saying {
	return saying{state: atRest, word: ready,
		sentence: say("Still waiting. If your browser asks whether this page may notify you, answer there; or press the button again.")}
}

// openElsewhere is said while another tab has the line.
func openElsewhere() saying {
	return saying{state: atElsewhere, word: elsewhereNow,
		sentence: say("Calls ring there. If you use Pushcall here instead, a call in that tab ends.")}
}

// couldNotKeep is said when the store takes nothing.
const couldNotKeep = "This could not be saved. Try again, or reload the page."

// sayCall says where a call is, or why it ended.
func sayCall(c call.Call) saying {
	switch c.State {
	case call.Dialing:
		if !c.Again.IsZero() {
			return saying{state: atCalling, word: calling, sentence: sentenceOfBusy(c), cause: c.Err}
		}
		return saying{state: atCalling, word: calling, sentence: say("Waiting for an answer.")}
	case call.Ringing:
		if c.Outgoing {
			return saying{state: atRinging, word: ringing, sentence: say("It rings over there. Waiting for an answer.")}
		}
		return saying{state: atRinging, word: ringing, sentence: say("{name} is calling.", "name", caller(c))}
	case call.Connecting:
		if !c.Again.IsZero() {
			return saying{state: atConnecting, word: connecting, sentence: sentenceOfBusy(c), cause: c.Err}
		}
		return saying{state: atConnecting, word: connecting, sentence: say("Looking for the shortest way between you.")}
	case call.Connected:
		return saying{state: atConnected, word: connected}
	case call.Reconnecting:
		return saying{state: atReconnecting, word: reconnecting, sentence: say("One moment: there is no need to call again.")}
	case call.Ended:
		s := sayEnd(c)
		s.cause = c.Err
		return s
	default:
		return saying{state: atRest, word: ready}
	}
}

// sayEnd says why a call ended, and what the person can do about it.
func sayEnd(c call.Call) saying {
	if c.Outgoing {
		return sayEndOutgoing(c)
	}
	return sayEndIncoming(c)
}

func sayEndOutgoing(c call.Call) saying {
	if errors.Is(c.Err, call.ErrNotReady) {
		return sayRefused(c.Err)
	}
	switch c.Reason {
	case call.Cancelled:
		return saying{state: atEnd, word: callEnded, sentence: say("You hung up before there was an answer.")}
	case call.Declined:
		return saying{state: atEnd, word: declined, sentence: say("{name} did not take the call.", "name", friend(c))}
	case call.Busy:
		return saying{state: atEnd, word: busy, sentence: say("{name} is in another call. Try again later.", "name", friend(c))}
	case call.NoAnswer:
		return saying{state: atEnd, word: noAnswer, sentence: say("{name} did not answer within {n} seconds.", "name", friend(c), "n", ringSeconds)}
	case call.Unreachable:
		return saying{state: atFailure, word: unreachable,
			sentence: say("The push service no longer knows this friend's address. Ask for a new card.")}
	case call.Refused:
		return saying{state: atFailure, word: unreachable, sentence: sentenceOfRefused(c.Err)}
	case call.TooMany:
		return saying{state: atFailure, word: unreachable, sentence: sentenceOfTooMany(c.Err)}
	case call.Undelivered:
		return saying{state: atFailure, word: unreachable, sentence: sentenceOfUndelivered(c.Err)}
	default:
		return sayEndEither(c)
	}
}

// sentenceOfRefused is for a push service that takes no message from this sender,
// though its token is new.
func sentenceOfRefused(err error) string {
	if errors.Is(err, browser.ErrClock) {
		return sentenceOfClock()
	}
	return say("This card does not let you ring any more. Ask for a new one.")
}

func sentenceOfClock() string {
	return say("The clock of this device is wrong, so the push service takes no calls from it. Set the clock and try again.")
}

// sentenceOfUnnamed is for who hosts the page.
func sentenceOfUnnamed() string {
	return say("This push service takes calls only from a page with a public https name, or with a contact in web/config.json.")
}

// sayEndIncoming says what became of a call to this phone. What cannot be
// delivered of such a call is its answer.
func sayEndIncoming(c call.Call) saying {
	switch c.Reason {
	case call.Cancelled:
		return saying{state: atEnd, word: missedCall, sentence: say("{name} hung up before you were connected.", "name", caller(c))}
	case call.NoAnswer:
		return saying{state: atEnd, word: missedCall, sentence: say("{name} rang for {n} seconds.", "name", caller(c), "n", ringSeconds)}
	case call.Declined:
		return saying{state: atEnd, word: callEnded, sentence: say("You did not take the call.")}
	case call.Busy:
		return saying{state: atEnd, word: callEnded, sentence: say("You were in another call.")}
	case call.Unreachable, call.Refused:
		if errors.Is(c.Err, browser.ErrClock) {
			return saying{state: atFailure, word: unreachable, sentence: sentenceOfClock()}
		}
		return saying{state: atFailure, word: unreachable, sentence: say("Your answer did not get through. Ask for a new card, then call back.")}
	case call.TooMany, call.Undelivered:
		return saying{state: atFailure, word: unreachable, sentence: say("Your answer did not get through. Check your connection, then call back.")}
	default:
		return sayEndEither(c)
	}
}

func sayEndEither(c call.Call) saying {
	switch {
	case c.Reason == call.Unnamed:
		return saying{state: atFailure, word: unreachable, sentence: sentenceOfUnnamed()}
	case c.Reason == call.Uncarried:
		return saying{state: atFailure, word: unreachable,
			sentence: say("This friend's push service cannot be reached from this page. Whoever hosts the page can add it to the relay.")}
	case c.Reason == call.HungUp:
		return saying{state: atEnd, word: callEnded}
	case c.Err == call.ErrFlood:
		return saying{state: atFailure, word: callEnded, sentence: say("Your friend's page sent more than this one takes, so it ended the call.")}
	case c.Err == call.ErrFlooded:
		return saying{state: atFailure, word: callEnded, sentence: say("This page sent more than your friend's takes, so theirs ended the call.")}
	case c.Reason == call.Network && c.Since.IsZero():
		return saying{state: atFailure, word: callEnded,
			sentence: say("The two browsers found no way to each other. Another network, on either side, often helps.")}
	case c.Reason == call.Network:
		return saying{state: atFailure, word: callEnded, sentence: say("The connection was lost. Call again.")}
	default:
		return saying{state: atFailure, word: callEnded, sentence: say("Something went wrong. If it happens again, both of you reload the page.")}
	}
}

var ringSeconds = strconv.Itoa(int(call.RingTime / time.Second))

// friend begins a sentence about who was called.
func friend(c call.Call) string {
	if name := nameOf(c); name != say(unnamedFriend) {
		return name
	}
	return say(yourFriend)
}

// caller begins a sentence about who has called.
func caller(c call.Call) string {
	if name := nameOf(c); name != say(unknownCaller) {
		return name
	}
	return say("An unknown caller")
}

// sentenceOfBusy says what a call waits for.
func sentenceOfBusy(c call.Call) string {
	var tooMany *webpush.TooManyRequestsError
	switch {
	case errors.As(c.Err, &tooMany):
		return say("This friend's push service has had too many calls. The next attempt is {when}.", "when", wait(time.Until(c.Again)))
	case errors.Is(c.Err, webpush.ErrUnavailable):
		return say("This friend's push service is out of order at the moment. The next attempt is {when}.", "when", wait(time.Until(c.Again)))
	}
	return say("The relay that passes calls on to this friend is busy. The next attempt is {when}.", "when", wait(time.Until(c.Again)))
}

func sentenceOfTooMany(err error) string {
	var busy *call.BusyError
	if errors.As(err, &busy) {
		return say("The relay that passes calls on to this friend is busy. Try again {when}.", "when", wait(busy.RetryAfter))
	}
	after := say("in a few minutes")
	var tooMany *webpush.TooManyRequestsError
	if errors.As(err, &tooMany) && tooMany.RetryAfter > 0 {
		after = wait(tooMany.RetryAfter)
	}
	return say("This friend's push service has had too many calls. Try again {when}.", "when", after)
}

func sentenceOfUndelivered(err error) string {
	var unavailable *webpush.UnavailableError
	switch {
	case errors.As(err, &unavailable):
		return say("This friend's push service is out of order at the moment. Try again {when}.", "when", wait(unavailable.RetryAfter))
	case errors.Is(err, browser.ErrRelay):
		return say("The relay that passes calls on to this friend cannot be reached. Check your connection and try again.")
	case errors.Is(err, webpush.ErrUnavailable):
		return say("This friend's push service is out of order at the moment. Try again in a minute.")
	default:
		return say("This friend's push service cannot be reached. Check your connection and try again.")
	}
}

// sayRefused says why this browser is not ready for calls.
func sayRefused(err error) saying {
	s := saying{state: atFailure, word: unreachable, cause: err}
	switch {
	case errors.Is(err, browser.ErrPermissionDenied):
		s.sentence = say("Notifications are blocked for this page, so no call can ring here.") + " " + neitherWay()
		s.cause = nil // there is nothing more to it
	case errors.Is(err, browser.ErrPermissionDismissed):
		s = saying{state: atRest, word: ready, sentence: say("A call rings by a notification. Press the button again and choose Allow.")}
	case errors.Is(err, browser.ErrNoPush):
		s.sentence = say("No call can ring here. Use a current browser, not in a private window, and an address that begins with https.") + " " + neitherWay()
	case errors.Is(err, browser.ErrNoWorker):
		s.sentence = say("The part of Pushcall that hears calls could not be loaded. Check your connection and reload the page.")
	case errors.Is(err, webpush.ErrDeadEndpoint):
		s.sentence = say("Your browser has an address for this page that no call reaches, and gives out no other. Restart the browser.")
	case errors.Is(err, browser.ErrSubscribe):
		s.sentence = say("Your browser cannot reach its push service. Check your connection and try again.")
	default:
		s.sentence = say("Something went wrong. Try again, or reload the page.")
	}
	return s
}

// neitherWay says why nobody can be called from a browser that cannot be rung.
func neitherWay() string {
	return say("Nor can you call from here: your friend's answer would come the same way.")
}

// sayMute says why no call can ring here any more.
func sayMute(err error) saying {
	s := sayRefused(err)
	s.state, s.word = atFailure, unreachable
	if !errors.Is(err, browser.ErrPermissionDenied) && !errors.Is(err, browser.ErrNoPush) { // which say so
		s.sentence = say("No call can ring here.") + " " + s.sentence
	}
	return s
}

// sentenceOfDial says why what was pasted cannot be called.
func sentenceOfDial(err error) string {
	switch {
	case errors.Is(err, signaling.ErrNotJSON):
		return say("This is neither a card nor a link to one. Copy all of it and paste it again.")
	case errors.Is(err, signaling.ErrShortCard):
		return say("This link is damaged: a part of it is missing. Ask your friend to send it again.")
	case errors.Is(err, webpush.ErrDeadEndpoint):
		return say("This card is out of date: its address rings nowhere any more. Ask your friend for a new one.")
	case errors.Is(err, signaling.ErrNotSubscription):
		return say("This is not a card: there is no push subscription in it. Ask your friend to copy it again.")
	case errors.Is(err, signaling.ErrPrivateKey), errors.Is(err, signaling.ErrIdentity):
		return say("This card is damaged. Ask your friend to copy it again.")
	case errors.Is(err, app.ErrOwnSubscription):
		return say("This is your own card. Paste the one your friend has sent you.")
	case errors.Is(err, browser.ErrNoKey):
		return say("This subscription lacks the key that lets you ring. Ask your friend for the card that Pushcall shows.")
	case errors.Is(err, webpush.ErrSubject):
		return sentenceOfUnnamed()
	case errors.Is(err, browser.ErrLocalEndpoint):
		return sentenceOfRefused(err)
	default:
		return say("This did not work. Try again, or reload the page.")
	}
}

// sentenceOfBlocked says why a contact is not called.
func sentenceOfBlocked(c phonebook.Contact) string {
	return say("You have blocked {name}. Unblock them in your contacts first.", "name", nameOfContact(c))
}

// sentenceOfMoved warns of a contact with another identity.
func sentenceOfMoved(c phonebook.Contact) string {
	return say("{name} has moved to another browser, and has another mark from now on. Compare safety words in your next call.", "name", nameOfContact(c))
}

// sentenceOfNamesake warns of somebody who calls themselves like a contact.
func sentenceOfNamesake(name string) string {
	return say("This is not the “{name}” in your contacts: their mark is another.", "name", name)
}

// sentenceOfLeg says in plain words why a push message to oneself ends where
// it does.
func sentenceOfLeg(leg app.Leg) string {
	var tooMany *webpush.TooManyRequestsError
	switch {
	case leg.Name < app.LegService:
		return sayRefused(leg.Err).sentence
	case leg.Name == app.LegReturn:
		return say("It did not come. Calls may not ring here: restart the browser, or get a new number.")
	case errors.Is(leg.Err, browser.ErrClock):
		return sentenceOfClock()
	case errors.Is(leg.Err, webpush.ErrSubject):
		return sentenceOfUnnamed()
	case errors.Is(leg.Err, call.ErrUncarried):
		return say("Your push service cannot be reached from this page. Whoever hosts the page can add it to the relay.")
	case errors.Is(leg.Err, webpush.ErrGone), errors.Is(leg.Err, webpush.ErrRefused):
		return say("The push service does not take messages for this browser any more. Get a new number.")
	case errors.As(leg.Err, &tooMany):
		return say("Your push service has had too many messages. Try again later.")
	case errors.Is(leg.Err, browser.ErrRelay):
		return say("The relay that passes calls on cannot be reached. Check your connection and try again.")
	case errors.Is(leg.Err, webpush.ErrUnavailable):
		return say("Your push service is out of order at the moment. Try again in a minute.")
	default:
		return say("Your push service cannot be reached. Check your connection and try again.")
	}
}

// noteOf says what is not heard, or not sent though the person wants it, and
// what to do: a line for each.
func noteOf(sending [app.Sources]app.Sending, silenced bool) string {
	var lines []string
	if silenced {
		lines = append(lines, say("Press here to hear your friend."))
	}
	for source, s := range sending {
		if s.Err != nil {
			lines = append(lines, sentenceOfCapture(app.Source(source), s.Err))
		}
	}
	if sending[app.Microphone].Asking {
		lines = append(lines, say("Your friend hears you as soon as your browser lets this page use your microphone."))
	}
	return strings.Join(lines, "\n")
}

// sentenceOfCapture says why something cannot be sent.
func sentenceOfCapture(source app.Source, err error) string {
	switch source {
	case app.Microphone:
		switch {
		case errors.Is(err, app.ErrDeviceDenied):
			return say("Your browser does not let this page use your microphone, so your friend cannot hear you. Allow it beside the page's address, then press Unmute.")
		case errors.Is(err, app.ErrNoDevice):
			return say("There is no microphone, so your friend cannot hear you. Connect one, then press Unmute.")
		default:
			return say("Your microphone does not work, or another program has it. Press Unmute to try again.")
		}
	case app.Camera:
		switch {
		case errors.Is(err, app.ErrDeviceDenied):
			return say("Your browser does not let this page use your camera. Allow it beside the page's address, then press Camera.")
		case errors.Is(err, app.ErrNoDevice):
			return say("There is no camera. Connect one, then press Camera.")
		default:
			return say("Your camera does not work, or another program has it. Press Camera to try again.")
		}
	default:
		return say("Your browser could not share the screen.")
	}
}

// sentenceOfNotice says what happened without the person.
func sentenceOfNotice(n app.Notice) string {
	switch n {
	case app.NoticeStoreLacks:
		return say("A part of what Pushcall has stored here cannot be read. Restart the browser. If that does not help, export the rest: see Settings.")
	case app.NoticeOutdated:
		return say("A newer version of Pushcall is open in another tab. This one saves nothing until it is reloaded.")
	default:
		return say("Your browser had given up your line. It is repaired, and your contacts are told.")
	}
}
