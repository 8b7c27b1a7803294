package speech

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pushcall/app"
	"pushcall/call"
	"pushcall/signaling"
	"pushcall/webpush"
)

func TestSayCall(t *testing.T) {
	relay := fmt.Errorf("push offer: %w", app.ErrRelay)
	wait := fmt.Errorf("push offer: %w", &webpush.TooManyRequestsError{RetryAfter: 100 * time.Second})
	unavailable := fmt.Errorf("push offer: %w", webpush.CheckResponse(503, "100", time.Now()))
	clock := fmt.Errorf("push offer: %w: %w", app.ErrClock, webpush.CheckResponse(403, "", time.Now()))
	for _, test := range []struct {
		call call.Call
		word Word
		part string // of the sentence
	}{
		{call.Call{State: call.Idle}, "Ready", ""},
		{call.Call{State: call.Dialing, Outgoing: true}, "Calling…", "answer"},
		{call.Call{State: call.Ringing, Outgoing: true}, "Ringing…", "over there"},
		{call.Call{State: call.Ringing, Outgoing: true, Waits: true, Known: true, Name: "Ada"}, "Ringing…", "Ada is in another call and sees"},
		{call.Call{State: call.Ringing, Known: true, Name: "Ada"}, "Ringing…", "Ada is calling"},
		{call.Call{State: call.Ringing, Remote: signaling.Card{Name: "Ada"}}, "Ringing…", "An unknown caller"},
		{call.Call{State: call.Connecting}, "Connecting…", "shortest way"},
		{call.Call{State: call.Dialing, Again: time.Now().Add(9500 * time.Millisecond)}, "Calling…", "The next attempt is in 10 seconds"},
		{call.Call{State: call.Connecting, Again: time.Now().Add(9500 * time.Millisecond)}, "Connecting…", "The next attempt is in 10 seconds"},
		{call.Call{State: call.Dialing, Again: time.Now().Add(9500 * time.Millisecond), Err: wait}, "Calling…", "this friend has had too many calls. The next attempt is in 10 seconds"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.TooMany, Err: &call.BusyError{RetryAfter: 90 * time.Second}}, "Unreachable", "server that passes calls on to this friend is busy. Try again in 2 minutes"},
		{call.Call{State: call.Connected}, "Connected", ""},
		{call.Call{State: call.Reconnecting}, "Reconnecting…", "no need to call again"},
		{ended(call.HungUp), "Call ended", ""},
		{call.Call{State: call.Ended, Reason: call.HungUp, Err: call.ErrLeft}, "Call ended", "page has closed"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.HungUp, Err: call.ErrLeft}, "Call ended", "page has closed"},
		{ended(call.Cancelled), "Call ended", "You hung up"},
		{incoming(call.Cancelled), "Missed call", "Ada hung up"},
		{incoming(call.NoAnswer), "Missed call", "Ada rang for 45 seconds"},
		{call.Call{State: call.Ended, Reason: call.NoAnswer}, "Missed call", "An unknown caller rang"},
		{incoming(call.Declined), "Call ended", "You did not take"},
		{incoming(call.Busy), "Call ended", "You were in another call"},
		{incoming(call.Unreachable), "Unreachable", "Your answer"},
		{incoming(call.Refused), "Unreachable", "Your answer"},
		{incoming(call.TooMany), "Unreachable", "Your answer"},
		{incoming(call.Undelivered), "Unreachable", "Your answer"},
		{incoming(call.HungUp), "Call ended", ""},
		{incoming(call.Network), "Call ended", "no way to each other"},
		{ended(call.Declined), "Declined", "Your friend did not take"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.Declined, Known: true, Name: "Ada"}, "Declined", "Ada did not take"},
		{ended(call.Busy), "Busy", "another call"},
		{ended(call.NoAnswer), "No answer", "45 seconds"},
		{ended(call.Unreachable), "Unreachable", "Ask for a new card"},
		{ended(call.Refused), "Unreachable", "Ask for a new one"},
		{ended(call.TooMany), "Unreachable", "in a few minutes"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.TooMany, Err: wait}, "Unreachable", "in 2 minutes"},
		{ended(call.Undelivered), "Unreachable", "service that rings this friend cannot be reached"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.Undelivered, Err: relay}, "Unreachable", "server that passes calls on"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.Undelivered, Err: webpush.ErrUnavailable}, "Unreachable", "out of order"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.Undelivered, Err: unavailable}, "Unreachable", "out of order at the moment. Try again in 2 minutes"},
		{call.Call{State: call.Dialing, Again: time.Now().Add(9500 * time.Millisecond), Err: unavailable}, "Calling…", "out of order at the moment. The next attempt is in 10 seconds"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.Refused, Err: clock}, "Unreachable", "clock of this device is wrong"},
		{call.Call{State: call.Ended, Reason: call.Refused, Err: clock}, "Unreachable", "clock of this device is wrong"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.Refused, Err: webpush.ErrUnauthorized}, "Unreachable", "card does not let you ring any more"},
		{ended(call.Unnamed), "Unreachable", "takes no calls from this page"},
		{incoming(call.Unnamed), "Unreachable", "takes no calls from this page"},
		{ended(call.Uncarried), "Unreachable", "cannot be reached from this page. Whoever hosts the page can change that"},
		{incoming(call.Uncarried), "Unreachable", "cannot be reached from this page"},
		{ended(call.Network), "Call ended", "no way to each other"},
		{call.Call{State: call.Ended, Reason: call.Network, Since: time.Unix(1, 0)}, "Call ended", "was lost"},
		{ended(call.Protocol), "Call ended", "reload"},
		{call.Call{State: call.Ended, Reason: call.Protocol, Err: call.ErrFlood}, "Call ended", "Your friend's page sent more"},
		{call.Call{State: call.Ended, Outgoing: true, Reason: call.Protocol, Err: call.ErrFlooded}, "Call ended", "This page sent more"},
	} {
		said := english.SayCall(test.call)
		if said.Word != test.word || !strings.Contains(said.Sentence, test.part) {
			t.Errorf("%v, %v: %q %q, want %q with %q", test.call.State, test.call.Reason, said.Word, said.Sentence, test.word, test.part)
		}
		if test.part == "" && said.Sentence != "" {
			t.Errorf("%v, %v: %q, want no sentence", test.call.State, test.call.Reason, said.Sentence)
		}
		if test.part != "" {
			plain(t, said.Sentence)
		}
		if said.Cause != test.call.Err && test.call.Err != call.ErrLeft {
			t.Errorf("%v, %v: cause %v", test.call.State, test.call.Reason, said.Cause)
		}
	}
}

func TestSayReach(t *testing.T) {
	for _, test := range []struct {
		reach app.Reach
		look  Look
		word  Word
		part  string
	}{
		{app.ReachAll, AtRest, Ready, ""},
		{app.ReachDirect, AtRest, Ready, "Some friends"},
		{app.ReachNone, AtOffline, Offline, "no connection"},
	} {
		said := english.SayReach(test.reach)
		if said.State != test.look || said.Word != test.word || !strings.Contains(said.Sentence, test.part) || (test.part == "") != (said.Sentence == "") {
			t.Errorf("%v: %+v", test.reach, said)
		}
		if test.part != "" {
			plain(t, said.Sentence)
		}
	}
}

// TestSayOffline names the missing connection as the cause of all that fails by it.
func TestSayOffline(t *testing.T) {
	offline := fmt.Errorf("%w: %w", app.ErrOffline, app.ErrRelay)
	for _, said := range []string{
		english.SayCall(call.Call{State: call.Ended, Outgoing: true, Reason: call.Undelivered, Err: offline}).Sentence,
		english.SayCall(call.Call{State: call.Ended, Outgoing: true, Reason: call.Undelivered, Err: fmt.Errorf("%w: %w", call.ErrNotReady, offline)}).Sentence,
		english.SayRefused(fmt.Errorf("%w: %w", app.ErrOffline, app.ErrSubscribe)).Sentence,
		english.SentenceOfLeg(app.Leg{Name: app.LegSubscription, Err: offline}),
		english.SentenceOfLeg(app.Leg{Name: app.LegService, Err: offline}),
		english.WhileOffline(english.SayCall(call.Call{State: call.Reconnecting})).Sentence,
	} {
		plain(t, said)
		if !strings.HasPrefix(said, "This device has no connection.") {
			t.Errorf("%q", said)
		}
	}
	if said := english.WhileOffline(english.SayCall(call.Call{State: call.Connected})); said.Sentence != "" {
		t.Errorf("connected: %q", said.Sentence)
	}
}

func ended(reason call.Reason) call.Call {
	return call.Call{State: call.Ended, Outgoing: true, Reason: reason}
}

func incoming(reason call.Reason) call.Call {
	return call.Call{State: call.Ended, Reason: reason, Known: true, Name: "Ada"}
}

func TestSayRefused(t *testing.T) {
	seen := map[string]bool{}
	for _, err := range []error{app.ErrPermissionDenied, app.ErrPermissionDismissed, app.ErrNoPush, app.ErrNoWorker, app.ErrSubscribe, webpush.ErrDeadEndpoint, errUnforeseen} {
		said := english.SayRefused(fmt.Errorf("prepare: %w", err))
		plain(t, said.Sentence)
		if seen[said.Sentence] {
			t.Errorf("%v: %q was said of another", err, said.Sentence)
		}
		seen[said.Sentence] = true
	}
}

// TestCallsOff says what works where no call can, and calls nobody unreachable.
func TestCallsOff(t *testing.T) {
	for _, err := range []error{app.ErrPermissionDenied, app.ErrNoPush, fmt.Errorf("%w: %w", call.ErrNotReady, app.ErrPermissionDenied)} {
		refused, mute := english.SayRefused(err), english.SayMute(err)
		for _, said := range []Saying{refused, mute, english.SayCall(call.Call{State: call.Ended, Outgoing: true, Err: fmt.Errorf("%w: %w", call.ErrNotReady, err)})} {
			plain(t, said.Sentence)
			if said.Word != CallsOff || !strings.Contains(said.Sentence, "Nor can you call") || !strings.Contains(said.Sentence, "save friends") {
				t.Errorf("%v: %q %q", err, said.Word, said.Sentence)
			}
		}
	}
	for _, err := range []error{app.ErrPermissionDismissed, app.ErrNoWorker, app.ErrSubscribe, errUnforeseen} {
		if said := english.SayMute(err); said.Word != Unreachable || !strings.HasPrefix(said.Sentence, "No call can ring here. ") {
			t.Errorf("%v: %q %q", err, said.Word, said.Sentence)
		}
	}
}

func TestSentenceOfDial(t *testing.T) {
	seen := map[string]bool{}
	for _, err := range []error{signaling.ErrNotJSON, signaling.ErrNotSubscription, signaling.ErrIdentity, app.ErrOwnSubscription, app.ErrNoKey,
		fmt.Errorf("%w: %w", signaling.ErrNotSubscription, webpush.ErrDeadEndpoint), webpush.ErrSubject, app.ErrLocalEndpoint, errUnforeseen} {
		sentence := english.SentenceOfDial(fmt.Errorf("dial: %w", err))
		plain(t, sentence)
		if seen[sentence] {
			t.Errorf("%v: %q was said of another", err, sentence)
		}
		seen[sentence] = true
	}
}

// errUnforeseen stands for what the page has no sentence of its own for.
var errUnforeseen = errors.New("unforeseen")

// plain checks that what is said are a few short sentences for people.
func plain(t *testing.T, sentence string) {
	t.Helper()
	sentences := strings.SplitAfter(sentence, ". ")
	if !strings.HasSuffix(sentence, ".") || len(sentences) > 3 {
		t.Errorf("%q is not a few sentences", sentence)
	}
	for _, one := range sentences {
		if len(one) > 115 {
			t.Errorf("%q is no short sentence", one)
		}
	}
	for _, jargon := range []string{"error", "JSON", "VAPID", "ICE", "endpoint", "status", "invalid", "failed", "unforeseen"} {
		if strings.Contains(sentence, jargon) {
			t.Errorf("%q says %q", sentence, jargon)
		}
	}
}

func TestSentenceOfLeg(t *testing.T) {
	seen := map[string]bool{}
	for _, leg := range []app.Leg{
		{Name: app.LegPermission, Err: app.ErrPermissionDenied},
		{Name: app.LegSubscription, Err: app.ErrSubscribe},
		{Name: app.LegService, Err: webpush.ErrGone},
		{Name: app.LegService, Err: &webpush.TooManyRequestsError{}},
		{Name: app.LegService, Err: app.ErrRelay},
		{Name: app.LegService, Err: fmt.Errorf("%w: %w", call.ErrUncarried, app.ErrRelay)},
		{Name: app.LegService, Err: fmt.Errorf("%w: %w", app.ErrClock, webpush.ErrUnauthorized)},
		{Name: app.LegService, Err: webpush.ErrSubject},
		{Name: app.LegService, Err: webpush.ErrUnavailable},
		{Name: app.LegService, Err: errUnforeseen},
		{Name: app.LegReturn, Err: context.DeadlineExceeded},
	} {
		leg.Err = fmt.Errorf("test: %w", leg.Err)
		sentence := english.SentenceOfLeg(leg)
		plain(t, sentence)
		if seen[sentence] {
			t.Errorf("%v: %q was said of another", leg.Err, sentence)
		}
		seen[sentence] = true
	}
}

// TestNoteOf has a sentence of its own for each reason why a source is not sent, and
// none for what is sent or not wanted.
func TestNoteOf(t *testing.T) {
	on := [app.Sources]app.Sending{{On: true}, {On: true}, {On: true}}
	for _, nothing := range [][app.Sources]app.Sending{{}, on} {
		if got := english.NoteOf(nothing); got != "" {
			t.Errorf("%q is said of %+v", got, nothing)
		}
	}
	seen := map[string]bool{}
	say := func(sending [app.Sources]app.Sending) {
		t.Helper()
		got := english.NoteOf(sending)
		plain(t, got)
		if strings.Contains(got, "\n") || seen[got] {
			t.Errorf("%q is said of %+v", got, sending)
		}
		seen[got] = true
	}
	for _, source := range []app.Source{app.Microphone, app.Camera} {
		for _, s := range []app.Sending{
			{Err: app.ErrDeviceDenied}, {Err: app.ErrNoDevice}, {Err: app.ErrDeviceBusy}, {On: true, Muted: true},
		} {
			sending := on
			sending[source] = s
			say(sending)
		}
	}
	sending := on
	sending[app.Microphone].Muted, sending[app.Camera].Muted = true, true
	if got := strings.Split(english.NoteOf(sending), "\n"); len(got) != 2 || !seen[got[0]] || !seen[got[1]] {
		t.Errorf("%q", got)
	}
}

func TestSentenceOfNumber(t *testing.T) {
	for _, test := range []struct {
		told, failed int
		want         string
	}{
		{0, 0, "You have a new number. Send your new card to your friends."},
		{1, 0, "You have a new number. 1 friend was told."},
		{3, 1, "You have a new number. 3 friends were told. 1 could not be told: send them your new card."},
		{0, 2, "You have a new number. 2 could not be told: send them your new card."},
	} {
		got := english.SentenceOfNumber(test.told, test.failed)
		plain(t, got)
		if got != test.want {
			t.Errorf("told %d, failed %d: %q, want %q", test.told, test.failed, got, test.want)
		}
	}
}

func TestSentenceOfNotice(t *testing.T) {
	for _, n := range []app.Notice{app.NoticeStoreLacks, app.NoticeLineRepaired, app.NoticeOutdated, app.NoticeInstall, app.NoticeInstallShare, app.NoticeInstallMenu} {
		plain(t, english.SentenceOfNotice(n))
	}
}

func TestSentenceOfStored(t *testing.T) {
	for persisted, part := range map[bool]string{true: "until you delete them", false: "may delete"} {
		got := english.SentenceOfStored(persisted)
		plain(t, got)
		if !strings.Contains(got, part) {
			t.Errorf("persisted %v: %q", persisted, got)
		}
	}
}

func TestSentenceOfExport(t *testing.T) {
	now := time.Date(2026, time.March, 4, 15, 7, 0, 0, time.UTC)
	for _, test := range []struct {
		at   time.Time
		want string
	}{
		{time.Time{}, "You have not exported a file yet."},
		{now.Add(-time.Hour), "Your last file: today at 14:07."},
		{now.AddDate(0, 0, -30), "Your last file: 2 February."},
		{now.AddDate(-1, 0, 0), "Your last file: 4 March 2025."},
	} {
		if got := english.SentenceOfExport(test.at, now); got != test.want {
			t.Errorf("%v: %q", test.at, got)
		}
	}
}
