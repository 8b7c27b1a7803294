//go:build js && wasm

package main

import (
	"context"
	"errors"
	"time"

	"pushcall/call"
	"pushcall/internal/loop"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
)

// studio captures what this side sends in a call, as the person wants it. What
// cannot be had, or not yet, keeps no call away: a browser may ask the person
// for as long as it likes.
type studio struct {
	loop  *loop.Loop
	media *browser.Media
	say   func(call.Media) // tells the friend
	show  func([browser.Sources]page.Sending)

	sources [browser.Sources]source
}

// source is one of the things that can be captured. It belongs to the studio's loop.
type source struct {
	wanted bool
	asking bool           // the browser has not answered yet
	track  *browser.Track // nil while there is none
	device string         // the id of the one the person has chosen, or ""
	err    error          // why there is none
}

func newStudio(media *browser.Media, say func(call.Media), show func([browser.Sources]page.Sending)) *studio {
	return &studio{loop: loop.New(logError), media: media, say: say, show: show}
}

// Set has a source sent, or not.
func (s *studio) Set(of browser.Source, on bool) { s.loop.Post(func() { s.set(of, on) }) }

// Choose has a source captured by another device.
func (s *studio) Choose(of browser.Source, device string) {
	s.loop.Post(func() { s.choose(of, device) })
}

// Hold opens and closes nothing that it is asked for after it until ctx ends, for d
// at most: opening a device keeps the browser from setting up a call.
func (s *studio) Hold(ctx context.Context, d time.Duration) { s.loop.Hold(ctx, d) }

// End closes all devices: the call is over.
func (s *studio) End() { s.loop.Post(s.end) }

func (s *studio) set(of browser.Source, on bool) {
	x := &s.sources[of]
	x.wanted, x.err = on, nil
	switch {
	case on && x.track == nil:
		s.ask(of)
	case x.track == nil:
	case of == browser.Microphone: // it stays open, so that a word after unmuting is not lost
		x.track.SetEnabled(on)
	case !on:
		s.close(of)
	}
	s.tell()
}

func (s *studio) choose(of browser.Source, device string) {
	x := &s.sources[of]
	x.device = device
	if x.track != nil {
		s.close(of) // some machines open one camera at a time
		s.ask(of)
	}
	s.tell()
}

func (s *studio) end() {
	for of := range browser.Sources {
		s.close(of)
		s.sources[of].wanted, s.sources[of].err = false, nil
	}
	s.tell()
}

// ask captures a source beside the loop, unless that is under way.
func (s *studio) ask(of browser.Source) {
	x := &s.sources[of]
	if x.asking {
		return
	}
	x.asking = true
	device := x.device
	s.loop.Beside(func() func() {
		track, err := browser.Capture(s.loop.Context(), of, device)
		return func() { s.captured(of, device, track, err) }
	})
}

// captured takes what was asked for, if it is still wanted by then.
func (s *studio) captured(of browser.Source, device string, track *browser.Track, err error) {
	x := &s.sources[of]
	x.asking = false
	switch {
	case err != nil && x.wanted:
		x.wanted = false
		if of != browser.Screen || !errors.Is(err, browser.ErrDeviceDenied) { // who chooses no screen knows that
			x.err = err
		}
		logError(err)
	case err != nil:
	case !x.wanted:
		track.Stop()
	case device != x.device:
		track.Stop()
		s.ask(of)
	default:
		s.open(of, track)
	}
	s.tell()
}

func (s *studio) open(of browser.Source, track *browser.Track) {
	if err := track.OnEnded(func() { s.loop.Post(func() { s.ended(of, track) }) }); err != nil {
		logError(err)
	}
	s.sources[of].track = track
	s.media.Send(of, track)
}

// ended goes on without a track that has ended by itself: with another device,
// if there is one.
func (s *studio) ended(of browser.Source, track *browser.Track) {
	x := &s.sources[of]
	if x.track != track {
		return
	}
	s.close(of)
	x.device = ""
	if x.wanted && of != browser.Screen {
		s.ask(of)
	} else {
		x.wanted = false
	}
	s.tell()
}

func (s *studio) close(of browser.Source) {
	x := &s.sources[of]
	if x.track != nil {
		s.media.Send(of, nil)
		x.track.Stop()
		x.track = nil
	}
}

// tell tells the friend and the page what is sent now.
func (s *studio) tell() {
	sends := func(of browser.Source) bool { return s.sources[of].wanted && s.sources[of].track != nil }
	s.say(call.Media{
		Microphone: sends(browser.Microphone),
		Camera:     sends(browser.Camera),
		Screen:     sends(browser.Screen),
	})
	var shown [browser.Sources]page.Sending
	for i, x := range s.sources {
		device := x.device
		if x.track != nil {
			device = x.track.Device()
		}
		shown[i] = page.Sending{On: x.wanted, Asking: x.asking && x.wanted, Own: x.track.Stream(), Device: device, Err: x.err}
	}
	s.show(shown)
}

// OpenDevices opens a microphone and a camera, beside what is sent, until they
// are closed again. Whoever does not want them any more still has to wait for
// them: see browser.Capture.
func (a *app) OpenDevices(ctx context.Context) (stop func(), err error) {
	var tracks []*browser.Track
	for _, source := range [...]browser.Source{browser.Microphone, browser.Camera} {
		track, failed := browser.Capture(ctx, source, "")
		if failed != nil {
			logError(failed)
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
