//go:build js && wasm

package page

import (
	"context"
	"time"

	"pushcall/wasm/js"
)

// persistence tells how well what is stored is kept.
type persistence interface {
	Persisted(ctx context.Context) (bool, error)
	Exported(ctx context.Context) (time.Time, error)
}

// storedView says whether the browser may delete what is stored, and offers the
// archive where it may.
type storedView struct {
	stored   js.Element
	exported js.Element
	export   js.Element
}

func newStoredView(w *wiring, export func()) *storedView {
	v := &storedView{stored: w.find("stored"), exported: w.find("exported"), export: w.find("stored-export")}
	w.on(v.export, "click", export)
	return v
}

func (p *Page) showStored() {
	p.beside(func(ctx context.Context) func() {
		persisted, err := p.persistence.Persisted(ctx)
		if err != nil {
			js.Log(err.Error())
		}
		exported, err := p.persistence.Exported(ctx)
		if err != nil {
			js.Log(err.Error())
		}
		return func() {
			p.stored.stored.SetText(voice.SentenceOfStored(persisted))
			p.stored.exported.SetText(voice.SentenceOfExport(exported, time.Now()))
			p.stored.export.SetHidden(persisted)
		}
	})
}
