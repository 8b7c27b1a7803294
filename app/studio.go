package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"pushcall/call"
	"pushcall/internal/loop"
)

// Source is what is captured and sent: one of these at most at a time.
type Source uint8

// The sources, in the order of their sections in a description.
const (
	Microphone Source = iota
	Camera
	Screen
	Sources // how many there are
)

// Why nothing can be captured.
var (
	ErrNoDevice     = errors.New("app: no such device")
	ErrDeviceDenied = errors.New("app: the person, or their browser, does not let this page use it")
	ErrDeviceBusy   = errors.New("app: the device does not work, or another program has it")
	ErrNoCapture    = errors.New("app: this browser captures nothing here")
)

// Devices captures sources and sends them.
type Devices interface {
	// Capture asks for a source, and for a device if its id is not "". The browser
	// may ask the person, for as long as it likes: whoever does not want the track
	// any more still has to wait for it and stop it, or the device would stay open.
	// Its errors wrap ErrNoDevice, ErrDeviceDenied, ErrDeviceBusy or ErrNoCapture.
	Capture(ctx context.Context, source Source, device string) (Track, error)
	// Connected lists what is connected now. Firefox answers once its window has the
	// focus (observed with version 153), before which it reports no changes either.
	Connected(ctx context.Context) (Connected, error)
	// Send sends a track in place of what was sent of its source; nil sends
	// nothing. The track stays its owner's.
	Send(source Source, track Track)
}

// Connected has the ids of the devices that a browser names to this page. It names none
// of those that it would have to ask the person for.
type Connected struct {
	Captures [Screen][]string // by their source
	Speakers []string
}

// Track is a source that is captured. Whoever has it stops it.
type Track interface {
	// SetEnabled says whether the track has what its device captures, or silence
	// and darkness. The device stays open.
	SetEnabled(enabled bool)
	// OnEnded calls f when the track ends by itself, or at once if it has.
	OnEnded(f func()) error
	// OnMuted calls f when the browser mutes the track, and when it unmutes it. It calls
	// f at once if the track is muted.
	OnMuted(f func(muted bool)) error
	// Device returns the id of the device, or "".
	Device() string
	// Stop closes the device.
	Stop()
}

// Sending is a source of this browser's, as it is shown.
type Sending struct {
	On     bool   // it is wanted
	Asking bool   // and the browser asks the person, or opens the device
	Muted  bool   // and the system, not the person, has silenced or darkened it
	Track  Track  // what is captured; nil while nothing is
	Device string // the id of what captures it, or would
	Err    error  // why it was wanted and is not on
}

// SendingView shows what this side sends.
type SendingView interface {
	ShowSending([Sources]Sending)
	// UseSpeaker says what the friend is heard by: "" is the system's choice.
	UseSpeaker(id string)
}

// retryTime is how often the studio looks for a device that is missing or busy: no event
// says that another program has closed it.
const retryTime = 5 * time.Second

// Studio captures what this side sends in a call, as the person wants it. What
// cannot be had, or not yet, keeps no call away: a browser may ask the person
// for as long as it likes. It uses another device while the chosen one is not there,
// and the chosen one again when it is.
type Studio struct {
	*common
	loop *loop.Loop

	sources [Sources]source
	speaker string      // the id of the one that the person has chosen, or ""
	retry   *time.Timer // nil until a device was missing or busy
}

// source is one of the things that can be captured. It belongs to the studio's loop.
type source struct {
	wanted bool
	asking bool   // the browser has not answered yet
	track  Track  // nil while there is none
	muted  bool   // by the system
	chosen string // the id of the device that the person has chosen, or ""
	gone   bool   // the chosen device was not connected at the last look
	device string // the id of the device to capture: chosen, or ""
	err    error  // why there is none, though it is wanted or was
}

// missing reports whether the source is wanted, and lacks a device.
func (x *source) missing() bool {
	return x.wanted && (errors.Is(x.err, ErrNoDevice) || errors.Is(x.err, ErrDeviceBusy))
}

// load takes the devices that the person chose on a visit before.
func (s *Studio) load(saved map[string]string) {
	for of, setting := range [...]string{Microphone: settingMicrophone, Camera: settingCamera} {
		x := &s.sources[of]
		x.chosen, x.device = saved[setting], saved[setting]
	}
	s.speaker = saved[settingSpeaker]
}

// show shows them.
func (s *Studio) show() {
	s.loop.Post(func() {
		s.tell()
		s.view.UseSpeaker(s.speaker)
	})
}

// SetSource has a source sent, or not: in this call, or in the one that rings here
// once it is answered. The end of a call ends all.
func (s *Studio) SetSource(of Source, on bool) { s.loop.Post(func() { s.set(of, on) }) }

// ChooseDevice has a source captured by another device, from now on.
func (s *Studio) ChooseDevice(of Source, id string) {
	s.loop.Post(func() {
		s.sources[of].chosen = id
		s.open(of, id)
		s.tell()
	})
	name := settingMicrophone
	if of == Camera {
		name = settingCamera
	}
	s.save(name, id)
}

// ChooseSpeaker has the friend heard by a device, from now on.
func (s *Studio) ChooseSpeaker(id string) {
	s.loop.Post(func() {
		s.speaker = id
		s.view.UseSpeaker(id)
	})
	s.save(settingSpeaker, id)
}

// DevicesChanged says that a device was connected, or is gone.
func (s *Studio) DevicesChanged() {
	s.look(func(now Connected) {
		s.useSpeaker(now)
		for of := range Screen {
			x := &s.sources[of]
			if s.returned(of, now) || x.missing() {
				s.open(of, x.device)
			}
		}
		s.tell()
	})
}

// look has f take what is connected now.
func (s *Studio) look(f func(Connected)) {
	s.loop.Beside(func() func() {
		now, err := s.config.Devices.Connected(s.loop.Context())
		if err != nil {
			s.logError(err)
			return nil
		}
		return func() { f(now) }
	})
}

// useSpeaker has the friend heard by the chosen speaker, or by the system's choice while
// that is gone: some browsers would play nothing.
func (s *Studio) useSpeaker(now Connected) {
	if slices.Contains(now.Speakers, s.speaker) {
		s.view.UseSpeaker(s.speaker)
	} else {
		s.view.UseSpeaker("")
	}
}

// returned reports whether the chosen device is back, while another one is in use.
func (s *Studio) returned(of Source, now Connected) bool {
	x := &s.sources[of]
	here := slices.Contains(now.Captures[of], x.chosen)
	back := x.gone && here
	x.gone = !here
	if back {
		x.device = x.chosen
	}
	return back && x.track != nil && x.track.Device() != x.chosen
}

func (s *Studio) save(name, id string) {
	s.storage.Post(func() { s.logError(s.config.Store.SetString(s.storage.Context(), name, id)) })
}

// prepare has the microphone sent in the call that begins. Opening a device keeps
// the browser from setting up a call: what is asked of the studio from now on waits
// for hurryTime.
func (s *Studio) prepare() {
	s.loop.Hold(s.loop.Context(), hurryTime)
	s.SetSource(Microphone, true)
}

// end closes all devices: the call is over.
func (s *Studio) end() {
	s.loop.Post(func() {
		for of := range Sources {
			s.close(of)
			x := &s.sources[of]
			x.wanted, x.err, x.device = false, nil, x.chosen
		}
		s.tell()
	})
}

func (s *Studio) set(of Source, on bool) {
	x := &s.sources[of]
	x.wanted, x.err = on, nil
	switch {
	case on && x.track == nil:
		s.ask(of)
	case x.track == nil:
	case of == Microphone: // it stays open, so that a word after unmuting is not lost
		x.track.SetEnabled(on)
	case !on:
		s.close(of)
	}
	s.tell()
}

// open has a source captured by a device, in place of another one.
func (s *Studio) open(of Source, device string) {
	x := &s.sources[of]
	x.device = device
	if x.track != nil || x.missing() {
		s.close(of) // some machines open one camera at a time
		s.ask(of)
	}
}

// ask captures a source beside the loop, unless that is under way.
func (s *Studio) ask(of Source) {
	x := &s.sources[of]
	if x.asking {
		return
	}
	x.asking = true
	device := x.device
	s.loop.Beside(func() func() {
		track, err := s.config.Devices.Capture(s.loop.Context(), of, device)
		return func() { s.captured(of, device, track, err) }
	})
}

// captured takes what was asked for, if it is still wanted by then.
func (s *Studio) captured(of Source, device string, track Track, err error) {
	x := &s.sources[of]
	x.asking = false
	switch {
	case x.wanted && device == x.device && err == nil:
		s.use(of, track)
	case x.wanted && device == x.device:
		s.failed(of, err)
	default:
		if err == nil {
			track.Stop()
		}
		if x.wanted {
			s.ask(of)
		}
	}
	s.tell()
}

// failed shows why a source is not captured, and keeps looking for a device that is
// missing or busy. Only the person can share a screen again.
func (s *Studio) failed(of Source, err error) {
	s.logError(err)
	x := &s.sources[of]
	if x.err = err; of == Screen && errors.Is(err, ErrDeviceDenied) { // who chooses no screen knows that
		x.err = nil
	}
	x.wanted = of != Screen && x.missing()
	if x.wanted {
		s.lookLater()
	}
}

// lookLater asks in retryTime for what is missing then, where the browser does not have
// to ask the person.
func (s *Studio) lookLater() {
	if s.retry != nil {
		s.retry.Stop()
	}
	s.retry = time.AfterFunc(retryTime, func() {
		s.look(func(now Connected) {
			for of := range Screen {
				switch x := &s.sources[of]; {
				case !x.missing():
				case len(now.Captures[of]) > 0:
					s.ask(of)
				default:
					s.lookLater()
				}
			}
		})
	})
}

// use sends what is captured.
func (s *Studio) use(of Source, track Track) {
	x := &s.sources[of]
	x.track, x.muted, x.err = track, false, nil
	x.gone = x.gone || x.device != "" && track.Device() != x.device
	if of == Microphone && s.speaker != "" {
		s.look(s.useSpeaker) // some browsers name no speakers until a microphone is open
	}
	s.logError(track.OnEnded(func() { s.loop.Post(func() { s.ended(of, track) }) }))
	if of != Screen { // which the browser mutes while nothing on it changes
		s.logError(track.OnMuted(func(muted bool) { s.loop.Post(func() { s.mute(of, track, muted) }) }))
	}
	s.config.Devices.Send(of, track)
}

// mute follows the system, which keeps a device from this page during another
// program's call, or by a switch of its own.
func (s *Studio) mute(of Source, track Track, muted bool) {
	if x := &s.sources[of]; x.track == track {
		x.muted = muted
		s.tell()
	}
}

// ended goes on without a track that has ended by itself: with another device,
// if there is one.
func (s *Studio) ended(of Source, track Track) {
	x := &s.sources[of]
	if x.track != track {
		return
	}
	s.close(of)
	x.device = ""
	if x.wanted && of != Screen {
		s.ask(of)
	} else {
		x.wanted = false
	}
	s.tell()
}

func (s *Studio) close(of Source) {
	x := &s.sources[of]
	if x.track != nil {
		s.config.Devices.Send(of, nil)
		x.track.Stop()
		x.track = nil
	}
}

// tell tells the friend and the page what is sent now.
func (s *Studio) tell() {
	sends := func(of Source) bool {
		x := &s.sources[of]
		return x.wanted && x.track != nil && !x.muted
	}
	s.phone.SetMedia(call.Media{Microphone: sends(Microphone), Camera: sends(Camera), Screen: sends(Screen)})
	var shown [Sources]Sending
	for i, x := range s.sources {
		device := x.device
		if x.track != nil {
			device = x.track.Device()
		}
		on := x.wanted && x.err == nil
		shown[i] = Sending{On: on, Asking: on && x.asking, Muted: on && x.track != nil && x.muted, Track: x.track, Device: device, Err: x.err}
	}
	s.view.ShowSending(shown)
}

// OpenDevices opens a microphone and a camera, beside what is sent, for which the
// browser may ask the person, until they are closed again: it names its devices to
// nobody who may not use them. An error says that there is neither. Whoever does not
// want them any more still has to wait for them: see Devices.Capture.
func (s *Studio) OpenDevices(ctx context.Context) (stop func(), err error) {
	var tracks []Track
	for _, source := range [...]Source{Microphone, Camera} {
		track, failed := s.config.Devices.Capture(ctx, source, "")
		if failed != nil {
			s.logError(failed)
			err = failed
			continue
		}
		tracks = append(tracks, track)
	}
	if len(tracks) == 0 {
		return nil, err
	}
	return func() {
		for _, track := range tracks {
			track.Stop()
		}
	}, nil
}
