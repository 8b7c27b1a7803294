//go:build js && wasm

// Command wasm is the page's program: it puts together the phone of package
// call, the browser it runs in and the views of package page.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"pushcall/call"
	"pushcall/internal/config"
	"pushcall/internal/loop"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
	"pushcall/webpush"
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
	store, err := browser.OpenStore(ctx)
	fetching.Wait()
	if hostErr != nil {
		return hostErr
	}
	if err != nil {
		explainStore(err)
		return err
	}
	identity, err := store.Identity(ctx)
	if err != nil {
		explainStore(err)
		return err
	}
	kept := loadKept(ctx, store)
	line, err := openLine(ctx, store, identity, host.Key, kept)
	if err != nil {
		return err
	}
	a := &app{
		ctx: ctx, store: store, identity: identity, line: line, settings: settingsOf(kept), host: host,
		sender:  browser.NewSender(host.Relays, host.Contact, host.Key),
		desk:    loop.New(logError),
		arrived: make(chan struct{}, 1),
		pushed:  make(chan browser.Arrival, maxPushed),
		taking:  make(chan struct{}, 1),
		tests:   make(chan string, 1),

		conversation: conversation{sent: map[int]int{}, known: map[string]bool{}, again: map[string]bool{}, unread: map[webpush.PublicKey]int{}},
	}
	a.useKept(kept)
	a.media = browser.NewMedia(func(streams [browser.Sources]browser.Stream) { a.view.ShowReceived(streams) })
	a.studio = newStudio(a.media, func(m call.Media) { a.phone.SetMedia(m) }, func(own [browser.Sources]page.Sending) { a.view.ShowSending(own) })
	a.book = phonebook.NewBook(a.saveContact, a.deleteContact, a.saveRecord)
	a.phone, err = call.New(call.Config{
		Identity: identity,
		Verify:   browser.NewVerifier().Verify,
		Card:     line.Card,
		NewPeer: func(events call.PeerEvents) (call.Peer, error) {
			return browser.NewPeer(iceServers(a.setup.Load()), a.media, events)
		},
		Farthest:  func() signaling.CandidateType { return farthest(a.setup.Load()) },
		Directory: call.Directory{Contact: a.book.ForPhone, CardOf: a.book.CardOf, Logged: a.book.Logged},
		Sender:    call.Sender{Push: a.sender.Push, Prepare: a.sender.Prepare, Ready: line.Subscribe},
		Policy: call.Policy{
			Early:        func() bool { return a.Settings().Early },
			ContactsOnly: func() bool { return a.Settings().ContactsOnly },
		},
		Events: call.Events{
			OnHurry:  a.onHurry,
			OnCall:   a.onCall,
			OnText:   a.onText,
			OnFile:   a.onFile,
			OnQueue:  func(n int) { a.view.ShowQueue(n) },
			OnMissed: a.onMissed,
			OnMoved:  a.onMoved,
			OnCard:   a.book.NewCard,
			OnTest:   a.onTest,
			OnDrop:   a.onDrop,

			OnArrived: a.onArrived,
			OnUnsent:  func(text string) { a.view.ShowUnsent(text) },
			OnLost:    func(int) { a.view.ShowLost() },
		},
	})
	if err != nil {
		return err
	}
	if a.view, err = page.New(a); err != nil {
		return err
	}
	store.OnOutdated(func() { a.view.ShowNotice(page.NoticeOutdated) })
	if store.Lacks() {
		a.view.ShowNotice(page.NoticeStoreLacks)
	}
	a.useDevices(kept)
	a.takeLink()
	if _, err := browser.OnFragment(a.takeLink); err != nil {
		return err
	}
	if _, err := browser.OnPageHide(a.phone.Leave); err != nil {
		return err
	}
	if _, err := browser.OnLine(line.Doubt); err != nil {
		return err
	}
	if _, err := browser.OnPush(a.onPush); err != nil {
		return err
	}
	return a.holdLine(ctx)
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

func logError(err error) { browser.Log(fmt.Sprint(err)) }
