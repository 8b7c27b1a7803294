package app

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"pushcall/call"
	"pushcall/webpush"
)

// ReturnView offers the way back into a call.
type ReturnView interface {
	// ShowReturn offers to call somebody again whose call ended with the page that
	// had it; the zero key offers that no more.
	ShowReturn(webpush.PublicKey)
}

const (
	returnTime = 20 * time.Second // after a page is gone, in which the next offers to return
	aliveEvery = 5 * time.Second  // between two notes that the page has a call
	offerTime  = time.Minute      // that the offer stands
)

// returning notes in the store who the call is with. A page that goes away, or crashes,
// leaves the note behind for the next one.
type returning struct {
	*common
	stop func()      // ends the notes of this call; nil without one. The phone's loop owns it
	left atomic.Bool // the call ends because this page goes away, or another tab takes the line
}

// follow notes the call while its people talk. It runs on the phone's loop.
func (r *returning) follow(c call.Call) {
	talking := c.State == call.Connected || c.State == call.Reconnecting
	switch {
	case talking && r.stop == nil:
		ctx, cancel := context.WithCancel(r.storage.Context())
		r.stop = cancel
		r.storage.Post(func() { r.note(ctx, c.Remote.Identity) })
	case !talking && r.stop != nil:
		r.stop()
		r.stop = nil
		if !r.left.Load() {
			r.storage.Post(func() { r.save("") })
		}
	}
}

// note saves who the call is with, now and again until ctx ends. It runs on the storage
// loop.
func (r *returning) note(ctx context.Context, with webpush.PublicKey) {
	if ctx.Err() != nil {
		return
	}
	r.save(with.String() + " " + strconv.FormatInt(time.Now().Unix(), 10))
	time.AfterFunc(aliveEvery, func() { r.storage.Post(func() { r.note(ctx, with) }) })
}

func (r *returning) save(note string) {
	r.logError(r.config.Store.SetString(r.storage.Context(), settingTalking, note))
}

// offer offers to return to the call of which a note is left, until ctx ends.
func (r *returning) offer(ctx context.Context) {
	r.left.Store(false)
	note, err := r.config.Store.String(ctx, settingTalking)
	if err != nil || note == "" {
		r.logError(err)
		return
	}
	r.save("")
	name, at, _ := strings.Cut(note, " ")
	with, err := webpush.ParsePublicKey(name)
	if err != nil {
		r.logError(err)
		return
	}
	seconds, _ := strconv.ParseInt(at, 10, 64)
	if time.Since(time.Unix(seconds, 0)) > returnTime+aliveEvery {
		return
	}
	r.view.ShowReturn(with)
	r.storage.Beside(func() func() {
		select {
		case <-time.After(offerTime):
		case <-ctx.Done():
		}
		r.view.ShowReturn(webpush.PublicKey{})
		return nil
	})
}
