//go:build js && wasm

package page

import (
	"context"
	"errors"

	"pushcall/files"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// receiver takes the files of the call.
type receiver interface {
	AcceptFile(ctx context.Context, f files.File, alone bool) error
	CancelFile(mine bool, number int)
	SaveFile(ctx context.Context, number int) error
}

// acceptFile takes a file that the friend offers. For one alone the browser may
// ask where to.
func (p *Page) acceptFile(f files.File, alone bool) {
	r := p.files.row(f)
	if r == nil || r.busy {
		return
	}
	r.refuse("")
	r.setBusy(true)
	p.beside(func(ctx context.Context) func() {
		err := p.receiver.AcceptFile(ctx, f, alone)
		return func() {
			r.setBusy(false)
			if err != nil && !errors.Is(err, browser.ErrNotChosen) {
				js.Log(err.Error())
				r.refuse(voice.SentenceOfSink(err))
			}
		}
	})
}

func (p *Page) cancelFile(f files.File) { p.receiver.CancelFile(f.Mine, f.Number) }

// saveFile saves a file once more.
func (p *Page) saveFile(f files.File) {
	p.beside(func(ctx context.Context) func() {
		err := p.receiver.SaveFile(ctx, f.Number)
		return func() {
			if r := p.files.row(f); err != nil && r != nil {
				js.Log(err.Error())
				r.refuse(say("Your browser could not save it."))
			}
		}
	})
}

// showFile shows a file of the call, or of the last one.
func (p *Page) showFile(f files.File, saves bool) {
	if p.files.row(f) == nil {
		p.messages.place(f)
	}
	p.messages.followFile(f)
	p.files.show(f, saves)
	p.showConversation()
}
