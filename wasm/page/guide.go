//go:build js && wasm

package page

import (
	"context"
	"strconv"

	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
)

// guide leads through the first use: a name, the permission to ring, a card
// that goes to a friend. Each step may be left out.
type guide struct {
	steps [stepCall]js.Element
	name  js.Element
	allow js.Element
	next  func(then step) // moves the focus there
	step  step
}

// step is one of the guide's, as they are counted on the page.
type step int

const (
	stepName step = iota + 1
	stepAllow
	stepCard
	stepCall // somebody has the card, or may have
)

func newGuide(w *wiring, named func(string), allow, focusCard func()) *guide {
	g := &guide{name: w.find("guide-name"), allow: w.find("guide-allow")}
	for i := range g.steps {
		g.steps[i] = w.find("guide-" + strconv.Itoa(i+1))
	}
	g.next = func(then step) {
		switch then {
		case stepAllow:
			g.allow.Focus()
		case stepCard:
			focusCard()
		}
	}
	w.onSubmit(w.find("guide-form"), func() { named(signaling.CleanName(g.name.Value())) })
	w.on(g.allow, "click", allow)
	return g
}

func (g *guide) setBusy(busy bool) { setBusy(g.allow, busy) }

// reach shows how far the person is. There is no way back.
func (g *guide) reach(s step) {
	if s <= g.step {
		return
	}
	if g.step > 0 {
		g.steps[g.step-1].RemoveAttribute("aria-current")
	}
	g.step = s
	g.steps[s-1].SetAttribute("aria-current", "step")
}

// allowed tells that the browser will not ask any more.
func (g *guide) allowed() {
	if g.step == stepAllow {
		g.reach(stepCard)
	}
}

// goOn does the same when the person has just done a step.
func (g *guide) goOn(s step) {
	g.reach(s)
	g.next(g.step)
}

// beginGuide skips what was done on an earlier visit.
func (p *Page) beginGuide() {
	if p.preferences.Settings().Name == "" {
		p.guide.reach(stepName)
	} else {
		p.guide.steps[0].RemoveAttribute("aria-current") // web/early.js knows no better
		p.guide.reach(p.afterName())
	}
}

func (p *Page) afterName() step {
	if browser.Permitted() {
		return stepCard
	}
	return stepAllow
}

// nameInGuide takes the name that the person gave, which may be none.
func (p *Page) nameInGuide(name string) {
	if name != "" {
		p.setName(name)
	}
	p.guide.goOn(p.afterName())
}

// allowInGuide has the browser ask for the permission to ring.
func (p *Page) allowInGuide() {
	p.ask(p.guide.setBusy, p.allowInGuide, func(ctx context.Context) (func(), error) {
		if err := p.line.Prepare(ctx); err != nil {
			return nil, err
		}
		return func() { p.guide.goOn(stepCard) }, nil
	})
}
