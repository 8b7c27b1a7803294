//go:build js && wasm

// Command wasm is the page's program: it puts together the phone of package
// call, the browser it runs in and the views of package page.
package main

import (
	"context"
	"fmt"

	"pushcall/call"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
)

func main() {
	ctx := context.Background()
	if err := run(ctx); err != nil {
		panic(err) // boot.js tells the person
	}
	<-ctx.Done() // never: the page ends when the browser says so
}

func run(ctx context.Context) error {
	config, err := loadConfig(ctx)
	if err != nil {
		return err
	}
	store, err := browser.OpenStore(ctx)
	if err != nil {
		return err
	}
	identity, err := store.Identity(ctx)
	if err != nil {
		return err
	}
	line, err := openLine(ctx, store, identity, config.key)
	if err != nil {
		return err
	}
	sender := browser.NewSender(config.relays, config.contact, config.key)

	app := &app{line: line, store: store, sender: sender, ctx: ctx, arrived: make(chan struct{}, 1)}
	app.phone = call.New(call.Config{
		Identity: identity,
		Verify:   browser.Verify,
		Card:     line.Card,
		NewPeer: func(events call.PeerEvents) (call.Peer, error) {
			return browser.NewPeer(config.iceServers, events)
		},
		Push:   sender.Push,
		OnCall: app.show,
		OnText: func(t call.Text) { app.view.AddText(t) },
		OnDrop: func(err error) { browser.Log(fmt.Sprintf("dropped: %v", err)) },
	})
	if app.view, err = page.New(app); err != nil {
		return err
	}
	if _, err := browser.OnPageHide(app.phone.HangUp); err != nil {
		return err
	}
	return app.receive(ctx)
}
