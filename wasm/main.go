//go:build js && wasm

// Command wasm is the page's program: it puts together the application of package
// app, the browser it runs in and the views of package page.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"pushcall/app"
	"pushcall/internal/config"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
	"pushcall/wasm/page"
)

func main() {
	panic(run(context.Background())) // boot.js tells the person
}

// run is the page's life. It returns only when there is none, with the reason.
func run(ctx context.Context) error {
	var fetching sync.WaitGroup
	var host *config.Config
	var hostErr error
	fetching.Go(func() { host, hostErr = loadConfig(ctx) })
	opened, err := browser.OpenStore(ctx)
	fetching.Wait()
	if hostErr != nil {
		return hostErr
	}
	if err != nil {
		explainStore(err)
		return err
	}
	identity, err := opened.Identity(ctx)
	if err != nil {
		explainStore(err)
		return err
	}
	var view *page.Page
	here := &device{browser.NewMedia(func(streams [app.Sources]js.Stream) { view.ShowReceived(streams) })}
	a, err := app.New(ctx, app.Config{
		Host:     host,
		Identity: identity,
		Verify:   browser.NewVerifier().Verify,
		Store:    opened,
		Sender:   browser.NewSender(host.Relays, host.Contact, host.Key),
		Push:     here,
		Lock:     here,
		Peers:    here,
		Devices:  here,
		Folder:   here,
		Handset:  here,
		Storage:  here,
		Notifier: here,
		Vault:    here,
		Language: here,
		Network:  here,
		Install:  here,
		Log:      logError,
	})
	if err != nil {
		return err
	}
	if view, err = page.New(a, here.media); err != nil {
		return err
	}
	opened.OnOutdated(func() { view.ShowNotice(app.NoticeOutdated) })
	if opened.Lacks() {
		view.ShowNotice(app.NoticeStoreLacks)
	}
	if err := listen(a, view); err != nil {
		return err
	}
	time.AfterFunc(quietTime, func() { js.Guard(func() { warmUp(ctx) }) })
	return a.Run(ctx, view)
}

// warmUp makes the page's first call as fast as the others.
func warmUp(ctx context.Context) {
	if err := browser.WarmUp(ctx); err != nil {
		logError(err) // a call will tell the person
	}
}

// quietTime is when the page has done all that it begins with, on most machines.
const quietTime = 2 * time.Second

// listen hands on what happens to the page and to its service worker.
func listen(a *app.App, view *page.Page) error {
	takeLink := func() {
		showLink(view)
		takeShared(view)
	}
	takeLink()
	for _, register := range []func() (func(), error){
		func() (func(), error) { return js.OnFragment(takeLink) },
		func() (func(), error) { return js.OnPageHide(a.Leave) },
		func() (func(), error) { return browser.OnLine(a.Line.RequestCheck) },
		func() (func(), error) { return browser.OnPush(a.Deliver) },
		func() (func(), error) { return browser.OnNetwork(a.Reachability.RequestLook) },
	} {
		if _, err := register(); err != nil {
			return err
		}
	}
	return nil
}

// showLink shows the card of a link that this page was opened with.
func showLink(view *page.Page) {
	link, found, err := js.TakeFragment(signaling.CardFragment)
	if err != nil {
		logError(err)
	}
	if found {
		view.ShowLink(link)
	}
}

// takeShared takes what the service worker has stored before it opened this page.
func takeShared(view *page.Page) {
	_, found, err := js.TakeFragment("#shared")
	if err != nil {
		logError(err)
	}
	if found {
		view.TakeShared()
	}
}

// explainStore leaves word of why there is no store.
func explainStore(err error) {
	switch {
	case errors.Is(err, browser.ErrNewerStore):
		browser.ExplainOutdated()
	case errors.Is(err, browser.ErrUnreadable):
		browser.ExplainUnreadable()
	}
}

func logError(err error) { js.Log(fmt.Sprint(err)) }
