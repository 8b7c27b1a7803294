package app

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"pushcall/call"
	"pushcall/files"
	"pushcall/phonebook"
	"pushcall/webpush"
)

// A view remembers what the application shows.
type view struct {
	tab *tab

	mu        sync.Mutex
	calls     []call.Call
	texts     []call.Text // of the conversation that is shown
	arrived   int
	lost      int
	unsent    []string
	earlier   []call.Text
	unread    map[webpush.PublicKey]int
	contacts  []phonebook.Contact
	records   []phonebook.Record
	files     map[fileKey]shownFile
	pictures  []string
	queue     int
	sending   [Sources]Sending
	speaker   string
	elsewhere bool
	back      webpush.PublicKey // whose call the tab offers to return to
	line      error
	notices   []Notice
	reach     []Reach // each that was shown
	holds     int
	tones     []Tone
	waiting   call.Call
	auto      bool // the person answers whatever rings
}

type fileKey struct {
	mine   bool
	number int
}

type shownFile struct {
	files.File
	saves bool
}

func (v *view) note(f func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	looked.Load()
	f()
}

// last returns the call as it is shown now.
func (v *view) last() call.Call {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.calls) == 0 {
		return call.Call{}
	}
	return v.calls[len(v.calls)-1]
}

// allFiles returns the files as they are shown now.
func (v *view) allFiles() map[fileKey]shownFile {
	v.mu.Lock()
	defer v.mu.Unlock()
	return maps.Clone(v.files)
}

// file returns the newest file of a side.
func (v *view) file(mine bool) shownFile {
	v.mu.Lock()
	defer v.mu.Unlock()
	var newest shownFile
	for key, f := range v.files {
		if key.mine == mine && f.Number >= newest.Number {
			newest = f
		}
	}
	return newest
}

// read returns the words of the texts that are shown of the call.
func (v *view) read() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var words []string
	for _, t := range v.texts {
		words = append(words, t.Text)
	}
	return words
}

func (v *view) ShowCall(c call.Call) {
	v.note(func() { v.calls = append(v.calls, c) })
	v.tab.world.shows(v.tab, c)
	if v.auto && c.State == call.Ringing && !c.Outgoing {
		v.tab.Calls.Answer(c.ID)
	}
}

func (v *view) Hold(context.Context, time.Duration)    { v.note(func() { v.holds++ }) }
func (v *view) ShowReturn(to webpush.PublicKey)        { v.note(func() { v.back = to }) }
func (v *view) ShowLine(why error)                     { v.note(func() { v.line = why }) }
func (v *view) ShowNotice(n Notice)                    { v.note(func() { v.notices = append(v.notices, n) }) }
func (v *view) ShowContacts(all []phonebook.Contact)   { v.note(func() { v.contacts = all }) }
func (v *view) ShowCalls(all []phonebook.Record)       { v.note(func() { v.records = all }) }
func (v *view) ShowArrived(n int)                      { v.note(func() { v.arrived = n }) }
func (v *view) ShowLost()                              { v.note(func() { v.lost++ }) }
func (v *view) ShowUnsent(text string)                 { v.note(func() { v.unsent = append(v.unsent, text) }) }
func (v *view) ShowUnread(n map[webpush.PublicKey]int) { v.note(func() { v.unread = n }) }
func (v *view) ShowQueue(n int)                        { v.note(func() { v.queue = n }) }
func (v *view) ShowSending(s [Sources]Sending)         { v.note(func() { v.sending = s }) }
func (v *view) ShowReach(r Reach)                      { v.note(func() { v.reach = append(v.reach, r) }) }
func (v *view) UseSpeaker(id string)                   { v.note(func() { v.speaker = id }) }

func (v *view) PlayTone(tone Tone) {
	v.note(func() { v.tones = append(v.tones, tone) })
	v.tab.world.shows(v.tab, tone)
}

func (v *view) ShowWaiting(c call.Call) {
	v.note(func() { v.waiting = c })
	v.tab.world.shows(v.tab, waitingCall(c))
}

// waitingCall is a call that is shown during another.
type waitingCall call.Call

// waits returns the call that was last shown during another.
func (v *view) waits() call.Call {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.waiting
}

// played returns the tones since it was last called.
func (v *view) played() []Tone {
	v.mu.Lock()
	defer v.mu.Unlock()
	tones := v.tones
	v.tones = nil
	return tones
}

func (v *view) ShowElsewhere(is bool) {
	v.note(func() { v.elsewhere = is })
	v.tab.world.shows(v.tab, elsewhere(is))
}

// elsewhere says whether another tab has the line.
type elsewhere bool

// reload says that the application wants its page loaded anew.
type reload struct{}

func (v *view) AddText(t call.Text) {
	v.note(func() { v.texts = append(v.texts, t) })
	v.tab.world.shows(v.tab, t)
}

func (v *view) ShowEarlier(_ webpush.PublicKey, texts []call.Text) {
	v.note(func() { v.earlier = slices.Clone(texts) })
}

func (v *view) ShowFile(f files.File, saves bool) {
	v.note(func() { v.files[fileKey{f.Mine, f.Number}] = shownFile{f, saves} })
	v.tab.world.shows(v.tab, f)
}

func (v *view) ShowPicture(_ files.File, url string) {
	v.note(func() { v.pictures = append(v.pictures, url) })
}
