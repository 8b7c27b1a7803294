//go:build js && wasm

package page

import (
	"context"

	"pushcall/app"
	"pushcall/internal/config"
	"pushcall/wasm/js"
)

// What the person does to how calls connect.

// servers are those of the person's own, and tests of them.
type servers interface {
	Own() (own, host config.Own)
	SetOwn(ctx context.Context, own config.Own) error
	TestConnection(ctx context.Context, own config.Own, report func(app.Way)) error
}

// setOwn keeps servers and a relay of the person's own.
func (p *Page) setOwn(own config.Own) {
	p.beside(func(ctx context.Context) func() {
		err := p.servers.SetOwn(ctx, own)
		return func() { p.connection.done(own, err) }
	})
}

// testConnection tests what is in the boxes, kept or not.
func (p *Page) testConnection() {
	own := p.connection.own()
	a := &action{}
	p.finding = a
	p.ways.begin()
	a.cancel = p.beside(func(ctx context.Context) func() {
		err := p.servers.TestConnection(ctx, own, func(way app.Way) {
			p.loop.Post(func() {
				if p.finding == a {
					p.ways.report(way)
				}
			})
		})
		return func() {
			if p.finding != a {
				return
			}
			p.finding = nil
			if p.connection.refuse(err) {
				p.ways.clear()
			} else {
				p.ways.done(err)
			}
		}
	})
}

// allowDevices has the browser name its devices.
func (p *Page) allowDevices() {
	p.devices.setAsking(true)
	used := p.devices.used()
	p.beside(func(ctx context.Context) func() {
		var found [3]bool
		stop, err := p.studio.OpenDevices(ctx)
		if err == nil {
			found, err = p.devices.fill(ctx, used)
			stop()
		}
		return func() {
			p.devices.setAsking(false)
			if err != nil {
				js.Log(err.Error())
				p.devices.refuse()
			}
			p.devices.show(found)
		}
	})
}
