//go:build js && wasm

package page

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pushcall/app"
	"pushcall/call"
	"pushcall/files"
	"pushcall/internal/loop"
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// Page is all the views together.
type Page struct {
	services
	wiring *wiring
	loop   *loop.Loop

	body       js.Element
	window     *window
	status     *status
	home       *home
	reach      *reachView
	guide      *guide
	elsewhere  *elsewhere
	back       *backView
	ring       *ringDialog
	speaker    speaker
	keys       *keys
	waiting    *waitingView
	dial       *dialDialog
	card       *cardDialog
	invite     *inviteDialog
	address    *addressDialog
	scan       *scanDialog
	safety     *safetyDialog
	sharing    *shareDialog
	save       *saveDialog
	settings   *settingsDialog
	test       *lineTest
	ways       *wayTest
	connection *connectionView
	number     *confirm // before there is a new one
	moving     *movingView
	stored     *storedView
	importing  *importDialog
	notices    *noticeList
	people     *contactList
	calls      *callList
	call       *callView
	messages   *messages
	texts      *inflow // into the messages
	controls   *controls
	stage      *stage
	preview    *preview
	devices    *devicesDialog
	quality    *qualityView
	files      *filesView
	letters    *lettersDialog
	erase      *confirm // all messages

	mute     error     // why no call can ring here
	current  call.Call // with the name that its friend has here
	contacts []phonebook.Contact
	records  []phonebook.Record
	unread   map[webpush.PublicKey]int          // texts, by who wrote them
	asking   *action                            // that ends with a call, until it is done
	dialed   *action                            // of the dial dialog
	saving   *action                            // of the save dialog
	naming   [3]js.Element                      // where the person is asked for their name: invite, dial, card
	saved    func()                             // where the focus goes then
	adding   *signaling.Card                    // whose owner is saved; nil: who is known already
	add      func(signaling.Card, string) error // saves them

	invitation *signaling.Card // of the link that was opened, until the person has decided
	settled    bool            // it is known who the contacts are, or that another tab has them
	taking     bool            // the line, in order to call whose link it is
	testing    *action         // of the line
	finding    *action         // ways to this browser
	scanning   *action         // of the scan dialog
	merging    *action         // of the import dialog

	reading bool // the messages, beside a picture
}

// New finds the page's elements, begins to listen to the person and shows that
// the application is ready. It goes on until Close.
func New(a *app.App, media *browser.Media) (*Page, error) {
	p := &Page{services: servicesOf(a, media), loop: loop.New(func(err error) { js.Log("page: " + err.Error()) })}
	p.wiring = &wiring{loop: p.loop}
	p.makeViews(p.wiring, a)
	if p.wiring.err != nil {
		p.Close()
		return nil, p.wiring.err
	}
	p.loop.Post(func() {
		p.elsewhere.set(false)
		p.showCall(call.Call{State: call.Idle})
	})
	return p, nil
}

func (p *Page) makeViews(w *wiring, a *app.App) {
	p.body = w.find("page")
	p.window = newWindow(w)
	p.status = newStatus(w, p.copy)
	p.home = newHome(w, p.callFriend, p.showCard)
	p.reach = newReachView(w, a.Reachability.Reaches)
	p.guide = newGuide(w, p.nameInGuide, p.allowInGuide, p.home.focusCard)
	p.elsewhere = newElsewhere(w, p.useHere)
	p.back = newBackView(w, p.callContact)
	p.ring = newRingDialog(w, p.speaker.hush, a.Calls.Answer, a.Calls.Decline)
	p.waiting = newWaitingView(w, a.Calls.Answer, a.Calls.Decline, func() { p.call.focus() })
	p.dial = newDialDialog(w, p.dialFriend, p.videoFriend, p.saveDialed, p.dialClosed)
	p.card = newCardDialog(w, p.copy, p.shareFunc(), p.draw)
	p.invite = newInviteDialog(w, inviteEvents{call: p.callInvited, save: p.saveInvited, closed: p.inviteClosed})
	p.address = newAddressDialog(w, addressEvents{kept: p.callKept, other: p.callOther, closed: p.addressClosed})
	p.scan = newScanDialog(w, p.scanFriend, p.scanClosed)
	p.sharing = newShareDialog(w, p.sendShared)
	p.safety = newSafetyDialog(w, safetyEvents{open: p.openSafety, compare: p.compared})
	p.save = newSaveDialog(w, p.saveContact, p.saveClosed)
	p.keys = newKeys(w, p.body, w.find("set-keys-shown"), func() bool { return !p.preferences.Settings().NoKeys })
	p.settings = newSettingsDialog(w, settingsEvents{change: p.setSettings, devices: p.openDevices, closed: p.settingsClosed})
	p.test = newLineTest(w, p.copy, p.testLine)
	p.ways = newWayTest(w, p.copy, p.testConnection)
	p.connection = newConnectionView(w, p.setOwn)
	p.number = newConfirm(w, "new-number", p.newNumber)
	p.moving = newMovingView(w, p.export, p.importFile)
	p.stored = newStoredView(w, p.moving.focus)
	p.importing = newImportDialog(w, p.takeArchive, p.importClosed)
	p.notices = newNoticeList(w, noticeEvents{install: p.install(p.installation.Install), decline: p.install(p.installation.Decline), emptied: p.home.focusFriend})
	p.people = newContactList(w, contactEvents{call: p.callContact, video: p.videoContact, rename: p.rename, block: p.block, read: p.readLetters, delete: p.delete, acknowledge: p.acknowledge, sort: p.sortContacts})
	p.people.setOrder(p.preferences.Settings().ByTalk)
	p.calls = newCallList(w, callEvents{call: p.callContact, save: p.saveRecord, seen: a.Contacts.CallsSeen})
	p.call = newCallView(w, a.Calls.HangUp, p.saveCaller)
	p.messages = newMessages(w, messageEvents{send: a.Conversations.SendText, copy: p.copy, again: a.Conversations.SendAgain, cleared: p.clearMessages, seen: p.textsSeen})
	p.texts = &inflow{loop: p.loop, draw: p.messages.add}
	p.letters = newLettersDialog(w, p.messages.menu, a.Conversations.SendAgain, p.eraseLetters)
	p.erase = newConfirm(w, "erase-all", p.eraseAll)
	p.controls = newControls(w, controlEvents{set: a.Studio.SetSource, devices: p.openDevices, messages: p.turnMessages})
	p.stage = newStage(w)
	p.preview = newPreview(w, a.Studio.SetSource)
	p.devices = newDevicesDialog(w, deviceEvents{choose: a.Studio.ChooseDevice, speaker: a.Studio.ChooseSpeaker, list: p.listDevices, allow: p.allowDevices})
	p.quality = newQualityView(w, p.askQuality)
	w.onDevices(func() {
		p.devices.changed()
		a.Studio.DevicesChanged()
	})
	p.files = newFilesView(w, fileEvents{send: a.Files.SendFile, accept: p.acceptFile, cancel: p.cancelFile, save: p.saveFile})
	w.on(w.find("open-settings"), "click", p.openSettings)
	for i, id := range []string{"invite-own", "dial-own", "card-own"} {
		p.naming[i] = w.find(id)
		box := w.find(id + "-name")
		set := func() { p.setName(box.Value()) }
		w.on(box, "input", set)
		if box.Value() != "" { // it was written before the program came
			p.loop.Post(set)
		}
	}
}

// Close stops listening and waits for all that the page has started.
func (p *Page) Close() {
	p.loop.Close()
	p.wiring.disconnect()
}

// Hold draws nothing until ctx ends, for d at most. It does not block.
func (p *Page) Hold(ctx context.Context, d time.Duration) { p.loop.Hold(ctx, d) }

// ShowCall shows where the call is. It does not block.
func (p *Page) ShowCall(c call.Call) {
	if c.State == call.Ended {
		js.Debug(fmt.Sprintf("call ended: %v; %d callbacks", c.Reason, js.LiveFuncs()))
	}
	p.texts.cut() // what was written before belongs to the call before
	p.loop.Post(func() { p.showCall(c) })
}

// AddText adds a text to the conversation. It does not block.
func (p *Page) AddText(t call.Text) { p.texts.add(t) }

// ShowSending shows what this side sends. It does not block.
func (p *Page) ShowSending(sending [app.Sources]app.Sending) {
	p.loop.Post(func() { p.showSending(sending) })
}

// UseSpeaker says what the friend is heard by: "" is the system's choice. It does not
// block.
func (p *Page) UseSpeaker(id string) {
	p.loop.Post(func() {
		p.devices.speaker = id
		p.useSpeaker()
	})
}

// ShowReceived plays what a link receives. It does not block.
func (p *Page) ShowReceived(received [app.Sources]js.Stream) {
	p.loop.Post(func() { p.stage.showReceived(received) })
}

// ShowQueue shows how many more files wait to be offered. It does not block.
func (p *Page) ShowQueue(n int) { p.loop.Post(func() { p.files.showQueue(n) }) }

// ShowPicture shows a file that is a picture among the texts. It does not block.
func (p *Page) ShowPicture(f files.File, url string) {
	p.loop.Post(func() { p.messages.showPicture(f, url) })
}

// ShowFile shows a file of the call; saves says that it can be saved again. It
// does not block.
func (p *Page) ShowFile(f files.File, saves bool) {
	if f.State == files.Offered {
		p.texts.cut() // those that were before it
	}
	p.loop.Post(func() { p.showFile(f, saves) })
}

// ShowArrived marks the texts of this side up to a number. It does not block.
func (p *Page) ShowArrived(number int) { p.loop.Post(func() { p.messages.list.arrived(number) }) }

// ShowLost says of the texts of this side that nothing has said they have arrived
// that they are not delivered. It does not block.
func (p *Page) ShowLost() {
	p.texts.cut()
	p.loop.Post(func() { p.messages.list.loseWaiting() })
}

// ShowUnsent gives a text back that was sent as the call ended. It does not block.
func (p *Page) ShowUnsent(text string) {
	p.loop.Post(func() {
		p.messages.giveBack(text)
		p.showConversation()
	})
}

// ShowEarlier shows what was written in the calls before the one with somebody,
// unless the next has begun. It does not block.
func (p *Page) ShowEarlier(with webpush.PublicKey, texts []call.Text) {
	p.loop.Post(func() {
		if with == p.messages.with {
			p.messages.showEarlier(texts)
		}
	})
}

// ShowUnread shows how many texts of whom the person has not seen. It does not
// block.
func (p *Page) ShowUnread(unread map[webpush.PublicKey]int) {
	p.loop.Post(func() { p.showUnread(unread) })
}

// ShowContacts shows who can be called. It does not block.
func (p *Page) ShowContacts(contacts []phonebook.Contact) {
	p.loop.Post(func() { p.showContacts(contacts) })
}

// ShowCalls shows the calls there were, the newest first. It does not block.
func (p *Page) ShowCalls(records []phonebook.Record) { p.loop.Post(func() { p.showRecords(records) }) }

// ShowLink shows what a link hands over that was opened here. It does not
// block.
func (p *Page) ShowLink(link string) { p.loop.Post(func() { p.showLink(link) }) }

// ShowElsewhere shows whether another tab has the line. It does not block.
func (p *Page) ShowElsewhere(elsewhere bool) { p.loop.Post(func() { p.showElsewhere(elsewhere) }) }

// ShowNotice tells the person of something that happened without them. It does
// not block.
func (p *Page) ShowNotice(notice app.Notice) { p.loop.Post(func() { p.notices.add(notice) }) }

// ShowLine shows why no call can ring here, or that one can. It does not block.
func (p *Page) ShowLine(why error) { p.loop.Post(func() { p.showLine(why) }) }

func (p *Page) showLine(why error) {
	before := p.mute
	p.mute = why
	p.setEnabled()
	if app.CallsOff(why) && !app.CallsOff(before) && p.invitation != nil && !isTaken(p.current) {
		p.showInvitation() // it can be saved
	}
	if inCall(p.current) || p.asking != nil || why == nil && before == nil {
		return
	}
	p.say(speech.Saying{State: speech.AtRest, Word: speech.Ready})
	switch {
	case why == nil:
		p.home.hideHelp()
		if browser.Permitted() {
			p.home.setAllowed()
			p.guide.allowed()
		}
	case p.line.Wanted() && (errors.Is(why, app.ErrPermissionDenied) || errors.Is(why, app.ErrPermissionDismissed)):
		p.home.showHelp(p.allowInGuide)
	case app.CallsOff(why): // the first steps, which the help would cover on a phone, come first
		p.home.setAllowed() // it cannot even be asked for
	}
}

func (p *Page) showCall(c call.Call) {
	before := p.current
	p.current = p.recognize(c)
	c = p.current
	p.say(voice.SayCall(c))
	p.showRing(c)
	if inCall(c) {
		p.window.setFriend(voice.NameOf(c))
	} else {
		p.window.setFriend("")
	}
	if isTaken(c) && !isTaken(before) {
		p.begin()
		p.setClass() // or a phone would not show the key to hang up yet, which gets the focus
	}
	if isTaken(c) {
		p.back.show(webpush.PublicKey{}, nil)
		p.messages.setWith(c.Remote.Identity) // of a plain subscription, once they answer
		p.call.show(c, p.isVerified(c.Remote.Identity), p.warningOf(c))
	} else {
		p.call.hide()
	}
	p.showSafety(c, before)
	p.showMedia(c)
	p.home.setInCall(isTaken(c))
	p.showConversation()
	p.setEnabled()
	if isTaken(before) && !isTaken(c) {
		p.home.focusFriend()
		p.showInvitation() // which has waited
		p.askShared()
	}
}

// showRing comes before all else: as long as its dialog is open, nothing beside
// it can have the focus.
func (p *Page) showRing(c call.Call) {
	if !isRinging(c) {
		p.ring.hide()
		p.window.ring(p.waiting.caller)
		return
	}
	p.window.ring(voice.HeadingOf(c))
	p.ring.show(c, p.isVerified(c.Remote.Identity), p.warningOf(c))
}

// begin makes way for a call that was made or taken: whatever else was going
// on ends.
func (p *Page) begin() {
	p.giveUp()
	p.dial.close()
	p.card.close()
	p.forgetInvitation(p.current.Remote)
	p.invite.makeWay()
	p.address.close()
	p.scan.close()
	p.sharing.close()
	p.save.close()
	p.importing.close()
	p.settings.close()
	p.letters.close()
	p.reading = false
	p.beginConversation(p.current.Remote.Identity)
}

// showConversation shows texts and files while there is somebody to talk to,
// and what is left of them afterwards.
func (p *Page) showConversation() {
	talking, open := isTalking(p.current), p.current.State == call.Connected
	p.files.setTalking(talking, open)
	p.messages.setTalking(talking, p.files.any())
	p.showReading()
	p.setClass()
}

// showContacts draws nothing anew that is shown: it is called with every step
// of a call.
func (p *Page) showContacts(contacts []phonebook.Contact) {
	if p.settled && slices.Equal(contacts, p.contacts) {
		return
	}
	p.contacts = contacts
	p.people.show(contacts)
	p.people.showUnread(p.unread)
	p.calls.show(p.records, contacts)
	p.setClass()
	if inCall(p.current) {
		p.showCall(p.current) // the friend may have a name now
	}
	p.settle()
}

// settle goes on with what waits until it is known who the contacts are, or that
// another tab has them. The guide of the first use would be seen for a moment.
func (p *Page) settle() {
	if p.settled {
		return
	}
	p.settled = true
	p.beginGuide()
	p.showInvitation()
	p.askShared()
	browser.GoOn()
}

// askName has a dialog that opens ask for the person's name, unless they have
// given one.
func (p *Page) askName() {
	for _, part := range p.naming {
		part.SetHidden(p.preferences.Settings().Name != "")
	}
}

func (p *Page) showRecords(records []phonebook.Record) {
	if slices.Equal(records, p.records) {
		return
	}
	p.records = records
	p.people.showTalked(phonebook.LastTalked(records))
	p.calls.show(records, p.contacts)
	p.showNews()
	p.setClass()
}

func (p *Page) showElsewhere(is bool) {
	if is == p.elsewhere.is {
		return
	}
	if is {
		p.begin()
	}
	p.elsewhere.set(is)
	p.setClass()
	p.setEnabled()
	if is {
		p.say(voice.OpenElsewhere())
		if p.settled {
			p.showInvitation()
		}
		p.settle()
		return
	}
	p.say(voice.SayCall(p.current))
	p.home.focusFriend()
	p.lineTaken()
	p.askShared()
}

func (p *Page) clearMessages() {
	p.textsSeen()
	p.beginConversation(webpush.PublicKey{})
	p.showConversation()
	p.home.focusFriend()
}

// recognize puts the name into a call that its friend has in the contacts.
func (p *Page) recognize(c call.Call) call.Call {
	if contact, known := speech.FindContact(p.contacts, c.Remote.Identity); known {
		c.Known, c.Name = true, contact.Name
	}
	return c
}

// say says how things are, in words and to the style sheet.
func (p *Page) say(s speech.Saying) {
	switch {
	case p.elsewhere.is:
		s = voice.OpenElsewhere() // and all else is said there
	case p.reach.offline() && inCall(p.current):
		s = voice.WhileOffline(s)
	case s.Word == speech.Ready && s.Sentence == "" && (p.reach.offline() || p.mute == nil):
		s = voice.SayReach(p.reach.now)
	case p.mute != nil && s.Word == speech.Ready && s.Sentence == "":
		s = voice.SayMute(p.mute)
	}
	p.body.SetAttribute("data-state", string(s.State))
	p.status.show(s)
	if s.State == speech.AtRest {
		p.window.setWord("")
	} else {
		p.window.setWord(voice.SayWord(s.Word))
	}
}

// setClass tells the style sheet what there is.
func (p *Page) setClass() {
	class := ""
	for _, c := range []struct {
		name string
		is   bool
	}{
		{"in-call ", isTaken(p.current)},
		{"talking ", isTalking(p.current)},
		{"lit ", p.stage.lit()},
		{"pictured ", p.stage.pictured()},
		{"reading ", p.reading},
		{"talked ", p.messages.left()},
		{"peopled ", len(p.contacts)+len(p.records) > 0},
		{"befriended ", len(p.contacts) > 0},
		{"named ", p.preferences.Settings().Name != ""},
	} {
		if c.is {
			class += c.name
		}
	}
	p.body.SetAttribute("class", class)
}

func inCall(c call.Call) bool { return c.State != call.Idle && c.State != call.Ended }

// isRinging tells whether the person here is asked to take a call.
func isRinging(c call.Call) bool { return c.State == call.Ringing && !c.Outgoing }

// isTaken tells whether a call has the stage: until one is answered, it has
// only its dialog.
func isTaken(c call.Call) bool { return inCall(c) && !isRinging(c) }

func isTalking(c call.Call) bool { return c.State == call.Connected || c.State == call.Reconnecting }
