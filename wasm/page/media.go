//go:build js && wasm

package page

import (
	"context"

	"pushcall/app"
	"pushcall/call"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// showMedia follows a call in all that it has of voice and video.
func (p *Page) showMedia(c call.Call) {
	p.controls.show(c)
	p.stage.showCall(c)
	p.preview.showCall(c)
	p.quality.showCall(c)
	if !isTaken(c) {
		p.devices.close()
	}
}

// studio is what the page asks of devices, beside what is sent.
type studio interface {
	OpenDevices(ctx context.Context) (stop func(), err error)
}

// qualityMeter tells how well the call goes.
type qualityMeter interface {
	Quality(ctx context.Context) (browser.Quality, error)
}

// ownStream is what is captured of a source, to be played here. A muted camera would
// stand still.
func ownStream(s app.Sending) js.Stream {
	if s.Muted {
		return js.Stream{}
	}
	track, _ := s.Track.(*js.Track)
	return track.Stream()
}

func (p *Page) showSending(sending [app.Sources]app.Sending) {
	p.controls.showSending(sending)
	p.stage.showSending(sending)
	p.preview.showSending(sending)
	p.devices.showSending(sending)
	p.useSpeaker()
	p.showReading()
	p.setClass()
}

// turnMessages shows the messages beside the picture, or puts them away.
// Without a picture they have the stage.
func (p *Page) turnMessages() {
	p.reading = !p.reading
	p.showReading()
	p.setClass()
	if p.reading || !p.stage.lit() {
		p.messages.focus()
		p.textsSeen()
	}
}

// showReading sees to the key of the messages, and how many are not read there.
// It is there without a picture, too: keys that move when the friend shows
// themselves are not hit.
func (p *Page) showReading() {
	lit, unread := p.stage.lit(), 0
	p.reading = p.reading && lit
	if lit && !p.reading {
		unread = p.unread[p.messages.with]
	}
	p.controls.showMessages(isTalking(p.current), p.reading, unread)
}

func (p *Page) openDevices() { p.devices.open() }

func (p *Page) listDevices() {
	used := p.devices.used()
	p.beside(func(ctx context.Context) func() {
		found, err := p.devices.fill(ctx, used)
		if err != nil {
			js.Log(err.Error())
		}
		return func() { p.devices.show(found) }
	})
}

// useSpeaker has the friend heard by a speaker, once a microphone is open: before, some
// browsers do not know it.
func (p *Page) useSpeaker() {
	id := p.devices.speaker
	if id == p.stage.speaker || p.devices.sending[app.Microphone].Track == nil {
		return
	}
	p.stage.speaker = id
	p.beside(func(ctx context.Context) func() {
		if err := p.stage.setSpeaker(ctx, id); err != nil {
			js.Log(err.Error())
		}
		return nil
	})
}

func (p *Page) askQuality() {
	p.stage.showSilenced()
	p.beside(func(ctx context.Context) func() {
		q, err := p.meter.Quality(ctx)
		if err != nil {
			return nil // there is no link at the moment
		}
		return func() { p.quality.show(q) }
	})
}
