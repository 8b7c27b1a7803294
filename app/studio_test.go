package app

import (
	"errors"
	"testing"
	"time"

	"pushcall/call"
)

// TestStudio mutes, turns the camera on and off, and shares a screen.
func TestStudio(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		if got := bob.view.last().Theirs; got != (call.Media{Microphone: true}) {
			t.Errorf("Bob is told of %+v", got)
		}
		set := func(of Source, on bool) {
			alice.Studio.SetSource(of, on)
			wait(time.Second)
		}
		set(Microphone, false)
		voice := alice.opened(Microphone)
		if len(voice) != 1 || voice[0].enabled || bob.view.last().Theirs.Microphone {
			t.Error("muted, the microphone is closed, or enabled, or said to be on")
		}
		set(Microphone, true)
		if len(alice.opened(Microphone)) != 1 || !voice[0].enabled {
			t.Error("another microphone is opened to speak again")
		}
		set(Camera, true)
		set(Screen, true)
		if got := bob.view.last().Theirs; got != (call.Media{Microphone: true, Camera: true, Screen: true}) || alice.sends[Screen] == nil {
			t.Errorf("Bob is told of %+v", got)
		}
		set(Camera, false)
		if len(alice.opened(Camera)) != 0 || alice.sends[Camera] != nil {
			t.Error("a camera that is off is open")
		}
		alice.opened(Screen)[0].ended() // by what the browser shows for it
		wait(time.Second)
		if alice.view.sending[Screen].On || bob.view.last().Theirs.Screen || alice.sends[Screen] != nil {
			t.Error("a screen that has ended is sent")
		}
		voice[0].ended() // it was unplugged
		wait(time.Second)
		if len(alice.opened(Microphone)) != 1 || alice.opened(Microphone)[0] == voice[0] || !alice.view.sending[Microphone].On {
			t.Error("no other microphone is used")
		}
		voice[0].ended() // again, and nothing happens
		alice.Calls.HangUp()
		wait(time.Second)
		if n := len(alice.opened(Microphone)) + len(alice.opened(Screen)); n != 0 {
			t.Errorf("%d devices are open after the call", n)
		}
	})
}

// TestStudioMutedBySystem shows on both sides what the system mutes, and its end; but
// not of a screen, which the browser mutes while nothing on it changes.
func TestStudioMutedBySystem(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		alice.Studio.SetSource(Camera, true)
		alice.Studio.SetSource(Screen, true)
		wait(time.Second)
		voice, picture, screen := alice.opened(Microphone)[0], alice.opened(Camera)[0], alice.opened(Screen)[0]
		expect := func(what string, want call.Media) {
			t.Helper()
			wait(time.Second)
			if got := bob.view.last().Theirs; got != want {
				t.Errorf("%s: Bob is told of %+v", what, got)
			}
			muted := [Sources]bool{Microphone: !want.Microphone, Camera: !want.Camera}
			for of, s := range alice.view.sending {
				if !s.On || s.Muted != muted[of] || s.Err != nil || alice.sends[of] == nil {
					t.Errorf("%s: source %d is %+v", what, of, s)
				}
			}
		}
		all := call.Media{Microphone: true, Camera: true, Screen: true}
		voice.mute(true)
		expect("the microphone is muted", call.Media{Camera: true, Screen: true})
		picture.mute(true)
		expect("the camera, too", call.Media{Screen: true})
		voice.mute(false)
		picture.mute(false)
		expect("neither", all)
		if screen.mute != nil {
			screen.mute(true)
		}
		expect("a screen stands still", all)

		picture.mute(true)
		alice.Studio.SetSource(Camera, false)
		wait(time.Second)
		if s := alice.view.sending[Camera]; s.Muted || s.On {
			t.Errorf("a camera that is off is %+v", s)
		}
		alice.Studio.SetSource(Camera, true)
		expect("another camera is opened", all)
		picture.mute(true)
		expect("the camera before it is muted", all)

		voice.mute(true)
		alice.Studio.SetSource(Microphone, false) // by the person, meanwhile
		voice.mute(false)
		wait(time.Second)
		if s := alice.view.sending[Microphone]; s.On || s.Muted || bob.view.last().Theirs.Microphone {
			t.Errorf("the person has muted it, and it is %+v", s)
		}
		alice.Studio.SetSource(Microphone, true)
		alice.device(Camera).muted = true
		alice.Studio.ChooseDevice(Camera, "front")
		expect("a muted camera is opened", call.Media{Microphone: true, Screen: true})
		alice.opened(Camera)[0].mute(false)
		expect("it is unmuted", all)
	})
}

// TestStudioEndedAtOnce sends nothing of what ends before it can be sent.
func TestStudioEndedAtOnce(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		alice.device(Screen).ended = true
		alice.Studio.SetSource(Screen, true)
		wait(time.Second)
		if s := alice.view.sending[Screen]; s.On || s.Err != nil || alice.sends[Screen] != nil || bob.view.last().Theirs.Screen || len(alice.opened(Screen)) != 0 {
			t.Errorf("%+v", s)
		}
		alice.device(Screen).ended = false
		alice.Studio.SetSource(Screen, true)
		wait(time.Second)
		if s := alice.view.sending[Screen]; !s.On || !bob.view.last().Theirs.Screen {
			t.Errorf("shared again: %+v", s)
		}
	})
}

// TestStudioDenied talks without a device, and says why.
func TestStudioDenied(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.device(Microphone).err = ErrDeviceDenied
		alice.device(Screen).err = ErrDeviceDenied
		alice.talk(bob)
		if s := alice.view.sending[Microphone]; s.On || !errors.Is(s.Err, ErrDeviceDenied) {
			t.Errorf("%+v", s)
		}
		alice.Studio.SetSource(Screen, true)
		wait(time.Second)
		if s := alice.view.sending[Screen]; s.On || s.Err != nil { // the person has chosen none
			t.Errorf("%+v", s)
		}
		alice.device(Microphone).err = nil
		alice.Studio.SetSource(Microphone, true)
		wait(time.Second)
		if s := alice.view.sending[Microphone]; !s.On || s.Err != nil || s.Track == nil {
			t.Errorf("%+v", s)
		}
	})
}

// TestStudioAsks waits for the person, whom the browser asks once, and closes what
// nobody wants by then.
func TestStudioAsks(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		answer := make(chan struct{})
		camera := bob.device(Camera)
		camera.asks = answer
		bob.Studio.SetSource(Camera, true)
		wait(time.Second)
		if s := bob.view.sending[Camera]; !s.On || !s.Asking {
			t.Errorf("%+v", s)
		}
		bob.Studio.SetSource(Camera, false)
		bob.Studio.SetSource(Camera, true)
		wait(time.Second)
		bob.Studio.SetSource(Camera, false)
		close(answer)
		wait(time.Second)
		if len(camera.tracks) != 1 || len(bob.opened(Camera)) != 0 {
			t.Errorf("%d captured, %d open", len(camera.tracks), len(bob.opened(Camera)))
		}
		camera.asks, camera.err = nil, ErrNoDevice
		bob.Studio.SetSource(Camera, true)
		bob.Studio.SetSource(Camera, false) // before it fails
		wait(time.Second)
		if s := bob.view.sending[Camera]; s.On || s.Err != nil {
			t.Errorf("%+v", s)
		}
	})
}

// TestStudioChooses uses the device that was chosen, while one is opened too, and in
// the next visit.
func TestStudioChooses(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		bob.Studio.SetSource(Camera, true)
		bob.Studio.ChooseDevice(Camera, "front") // while the other is opened
		wait(time.Second)
		if got := bob.opened(Camera); len(got) != 1 || got[0].id != "front" {
			t.Errorf("open: %v", got)
		}
		bob.Studio.ChooseDevice(Camera, "back")
		bob.Studio.ChooseDevice(Microphone, "desk")
		bob.Studio.ChooseSpeaker("loud")
		wait(time.Second)
		if got := bob.opened(Camera); len(got) != 1 || got[0].id != "back" || bob.sends[Camera] != got[0] {
			t.Errorf("open: %v", got)
		}
		bob.crash()
		bob = bob.person.open()
		if s := bob.view.sending; s[Camera].Device != "back" || s[Microphone].Device != "desk" || bob.view.speaker != "loud" {
			t.Errorf("the next visit shows %+v, %q", s, bob.view.speaker)
		}
		bob.Studio.SetSource(Camera, true)
		wait(time.Second)
		bob.opened(Camera)[0].ended() // the chosen one is gone
		wait(time.Second)
		if got := bob.opened(Camera); len(got) != 1 || got[0].id != "" {
			t.Errorf("open: %v", got)
		}
	})
}

// TestStudioLostDevice goes on by itself when a device is connected again, or free
// again, unless the person has changed their mind or would be asked.
func TestStudioLostDevice(t *testing.T) {
	connected := Connected{Captures: [Screen][]string{{"desk"}, {"lens"}}}
	for name, test := range map[string]struct {
		err     error
		back    func(*tab)
		returns bool
	}{
		"missing, connected again":   {ErrNoDevice, func(x *tab) { x.Studio.DevicesChanged() }, true},
		"missing, without an event":  {ErrNoDevice, func(x *tab) { x.world.change(func() { x.connected = connected }) }, true},
		"busy, then free":            {ErrDeviceBusy, func(x *tab) { x.world.change(func() { x.connected = connected }) }, true},
		"busy, and a device comes":   {ErrDeviceBusy, func(x *tab) { x.Studio.DevicesChanged() }, true},
		"busy, and it would ask":     {ErrDeviceBusy, func(*tab) {}, false},
		"denied, and a device comes": {ErrDeviceDenied, func(x *tab) { x.Studio.DevicesChanged() }, false},
		"no capture here":            {ErrNoCapture, func(x *tab) { x.Studio.DevicesChanged() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				alice, bob := w.friends("Alice", "Bob")
				alice.talk(bob)
				alice.Studio.SetSource(Camera, true)
				wait(time.Second)
				for of := range Screen {
					alice.device(of).err = test.err
					alice.opened(of)[0].ended()
				}
				wait(3 * retryTime)
				for of, s := range alice.view.sending[:Screen] {
					if s.On || s.Asking || !errors.Is(s.Err, test.err) || s.Track != nil {
						t.Errorf("source %d: %+v", of, s)
					}
				}
				if got := bob.view.last().Theirs; got != (call.Media{}) {
					t.Errorf("Bob is told of %+v", got)
				}
				for of := range Screen {
					alice.device(of).err = nil
				}
				test.back(alice)
				wait(retryTime + time.Second)
				for of, s := range alice.view.sending[:Screen] {
					if s.On != test.returns || (s.Err == nil) != test.returns {
						t.Errorf("source %d is back: %+v", of, s)
					}
				}
				if got := bob.view.last().Theirs; got != (call.Media{Microphone: test.returns, Camera: test.returns}) {
					t.Errorf("Bob is told of %+v", got)
				}
			})
		})
	}
}

// TestStudioLostForGood asks for no device that the person does not want any more.
func TestStudioLostForGood(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.talk(bob)
		alice.connected.Captures[Camera] = []string{"lens"}
		camera := alice.device(Camera)
		camera.err = ErrDeviceBusy
		alice.Studio.SetSource(Camera, true)
		wait(time.Second)
		alice.Studio.SetSource(Camera, false)
		wait(time.Second)
		if s := alice.view.sending[Camera]; s.On || s.Err != nil {
			t.Errorf("switched off, it is %+v", s)
		}
		camera.err = nil
		alice.Studio.DevicesChanged()
		wait(3 * retryTime)
		if len(camera.tracks) != 0 {
			t.Error("a camera is opened that is switched off")
		}
		camera.err = ErrNoDevice
		alice.Studio.SetSource(Camera, true)
		wait(time.Second)
		alice.Calls.HangUp()
		wait(time.Second)
		camera.err = nil
		alice.Studio.DevicesChanged()
		wait(3 * retryTime)
		if s := alice.view.sending[Camera]; len(camera.tracks) != 0 || s.Err != nil {
			t.Errorf("after the call it is %+v", s)
		}
		alice.device(Screen).err = ErrDeviceBusy
		alice.talk(bob)
		alice.Studio.SetSource(Screen, true)
		wait(time.Second)
		alice.device(Screen).err = nil
		alice.Studio.DevicesChanged()
		wait(3 * retryTime)
		if s := alice.view.sending[Screen]; s.On || s.Err == nil {
			t.Errorf("a screen is shared by itself: %+v", s)
		}
	})
}

// TestStudioChosenReturns uses another device while the chosen one is gone, and the
// chosen one when it is back; but does not fight for one that is there and has ended.
func TestStudioChosenReturns(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.Studio.ChooseDevice(Camera, "front")
		alice.talk(bob)
		alice.Studio.SetSource(Camera, true)
		changes := func(ids ...string) {
			alice.connected.Captures[Camera] = ids
			alice.Studio.DevicesChanged()
			wait(time.Second)
		}
		uses := func(what, id string) {
			t.Helper()
			wait(time.Second)
			got := alice.opened(Camera)
			if len(got) != 1 || got[0].id != id || alice.sends[Camera] != got[0] || !bob.view.last().Theirs.Camera {
				t.Errorf("%s: open are %v", what, got)
			}
		}
		uses("chosen", "front")
		alice.opened(Camera)[0].ended()
		uses("it has ended", "")
		changes("front", "other")
		uses("it is there still", "")
		changes("other")
		changes("other", "front")
		uses("it is back", "front")
		changes("front")
		if n := len(alice.device(Camera).tracks); n != 3 {
			t.Errorf("%d cameras were opened", n)
		}
		alice.Studio.SetSource(Camera, false)
		alice.device(Camera).without = []string{"front"}
		alice.Studio.SetSource(Camera, true)
		uses("it is not there when the camera is switched on", "")
		alice.device(Camera).without = nil
		changes("front")
		uses("it is connected", "front")
		alice.opened(Camera)[0].ended()
		wait(time.Second)
		alice.Calls.HangUp()
		wait(time.Second)
		alice.talk(bob)
		alice.Studio.SetSource(Camera, true)
		uses("the next call", "front")
	})
}

// TestStudioChoosesWhileBusy tries the device that the person chooses in place of one
// that does not work.
func TestStudioChoosesWhileBusy(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		camera := bob.device(Camera)
		camera.err = ErrDeviceBusy
		bob.Studio.SetSource(Camera, true)
		wait(time.Second)
		camera.err = nil
		bob.Studio.ChooseDevice(Camera, "back")
		wait(time.Second)
		if s := bob.view.sending[Camera]; !s.On || s.Err != nil || bob.opened(Camera)[0].id != "back" {
			t.Errorf("%+v", s)
		}
	})
}

// TestSpeakerReturns hears the friend by the system's choice while the chosen speaker is
// gone.
func TestSpeakerReturns(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		alice, bob := w.friends("Alice", "Bob")
		alice.connected.Speakers = []string{"default", "loud"}
		alice.Studio.ChooseSpeaker("loud")
		expect := func(what, want string) {
			t.Helper()
			wait(time.Second)
			if alice.view.speaker != want {
				t.Errorf("%s: %q is used", what, alice.view.speaker)
			}
		}
		expect("chosen", "loud")
		alice.connected.Speakers = nil // without a microphone the browser names none
		alice.Studio.DevicesChanged()
		expect("unnamed", "")
		alice.connected.Speakers = []string{"default", "loud"}
		alice.talk(bob)
		expect("the microphone is open", "loud")
		for _, speakers := range [][]string{{"default"}, {}, {"default", "other"}} {
			alice.connected.Speakers = speakers
			alice.Studio.DevicesChanged()
			expect("gone", "")
			alice.connected.Speakers = append(speakers, "loud")
			alice.Studio.DevicesChanged()
			expect("back", "loud")
		}
		alice.crash()
		alice = alice.person.open()
		expect("the next visit", "loud")
		alice.talk(bob)
		expect("and its call, where it is gone", "")
	})
}

// TestOpenDevices opens what there is, for its names.
func TestOpenDevices(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		bob := w.person("Bob").open()
		bob.device(Camera).err = ErrNoDevice
		stop, err := bob.Studio.OpenDevices(t.Context())
		if err != nil || len(bob.opened(Microphone)) != 1 {
			t.Fatalf("%v", err)
		}
		stop()
		if len(bob.opened(Microphone)) != 0 {
			t.Error("it is open still")
		}
		bob.device(Microphone).err = ErrDeviceDenied
		if _, err := bob.Studio.OpenDevices(t.Context()); !errors.Is(err, ErrNoDevice) {
			t.Errorf("%v", err)
		}
	})
}
