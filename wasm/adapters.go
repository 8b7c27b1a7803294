//go:build js && wasm

package main

import (
	"context"

	"github.com/pion/webrtc/v3"

	"pushcall/app"
	"pushcall/call"
	"pushcall/internal/config"
	"pushcall/internal/speech"
	"pushcall/phonebook"
	"pushcall/wasm/browser"
	"pushcall/wasm/js"
	"pushcall/webpush"
)

// device fits package browser to what package app asks for, where that has functions
// for methods, or other types.
type device struct{ media *browser.Media }

func (*device) Permission() error                           { return browser.Permission() }
func (*device) RequestPermission(ctx context.Context) error { return browser.RequestPermission(ctx) }
func (*device) Subscription(ctx context.Context, key webpush.PublicKey) (webpush.Subscription, bool, error) {
	return browser.Subscription(ctx, key)
}
func (*device) Subscribe(ctx context.Context, key webpush.PublicKey) (webpush.Subscription, error) {
	return browser.Subscribe(ctx, key)
}
func (*device) Unsubscribe(ctx context.Context) error { return browser.Unsubscribe(ctx) }

func (*device) AwaitLine(ctx context.Context, steal bool, waiting func()) (<-chan struct{}, error) {
	return browser.AwaitLine(ctx, steal, waiting)
}
func (*device) HoldStore(ctx context.Context, saved <-chan struct{}) error {
	return browser.HoldStore(ctx, saved)
}

func (*device) Capture(ctx context.Context, source app.Source, name string) (app.Track, error) {
	track, err := browser.Capture(ctx, source, name)
	if err != nil {
		return nil, err
	}
	return track, nil
}

func (*device) Connected(ctx context.Context) (app.Connected, error) { return browser.Connected(ctx) }

func (d *device) Send(source app.Source, track app.Track) {
	captured, _ := track.(*js.Track) // nil where there is none
	d.media.Send(source, captured)
}

func (d *device) NewPeer(servers []config.ICEServer, events call.PeerEvents) (call.Peer, error) {
	return browser.NewPeer(iceServers(servers), d.media, events)
}

func (*device) Gather(ctx context.Context, servers []config.ICEServer, events app.GatherEvents) error {
	return browser.Gather(ctx, iceServers(servers), events)
}

func (*device) OpenSink(ctx context.Context, name string, size int64, ask bool) (app.Sink, error) {
	sink, err := browser.OpenSink(ctx, name, size, ask)
	if err != nil {
		return nil, err
	}
	return sink, nil
}

func (*device) ForgetReceived(ctx context.Context) error { return browser.ForgetReceived(ctx) }

func (*device) KeepAwake(on bool)        { browser.KeepAwake(on) }
func (*device) Vibrate(on bool)          { browser.Vibrate(on) }
func (*device) AskBeforeLeaving(on bool) { browser.AskBeforeLeaving(on) }

func (*device) Persisted(ctx context.Context) (bool, error) { return browser.Persisted(ctx) }
func (*device) Persist(ctx context.Context) error           { return browser.Persist(ctx) }

func (*device) Visible() bool                          { return js.Visible() }
func (*device) AwaitVisible(ctx context.Context) error { return js.AwaitVisible(ctx) }
func (*device) CloseNotification(ctx context.Context, call string) error {
	return browser.CloseNotification(ctx, call)
}

// NotifyMissed says whose call was missed, as the service worker says it.
func (*device) NotifyMissed(ctx context.Context, call, name string) error {
	say := speech.Voice{Language: browser.Words{}}.Say
	if name == "" {
		name = say("an unknown caller")
	}
	return browser.Notify(ctx, call, say("Missed call from {name}", "name", name), "")
}

func (*device) SealArchive(ctx context.Context, passphrase string, text []byte) (phonebook.Sealed, error) {
	return browser.SealArchive(ctx, passphrase, text)
}

func (*device) OpenArchive(ctx context.Context, passphrase string, sealed phonebook.Sealed) ([]byte, error) {
	return browser.OpenArchive(ctx, passphrase, sealed)
}

func (*device) GenerateIdentity(ctx context.Context) (webpush.Signer, error) {
	return browser.GenerateIdentity(ctx)
}

func (*device) ImportSigner(ctx context.Context, key webpush.ApplicationServerKey) (webpush.Signer, error) {
	return browser.ImportSigner(ctx, key)
}

func (*device) Reload() { js.Reload() }

func (*device) Language() (is, choice string)      { return browser.Language() }
func (*device) ChooseLanguage(choice string) error { return browser.ChooseLanguage(choice) }

func (*device) Online() bool { return browser.Online() }
func (*device) Answers(ctx context.Context, address string) bool {
	return browser.Answers(ctx, address)
}

func (*device) Installing() app.Installing                { return browser.Installing() }
func (*device) Install(ctx context.Context) (bool, error) { return browser.Install(ctx) }

// iceServers is what pion wants to have.
func iceServers(servers []config.ICEServer) []webrtc.ICEServer {
	var all []webrtc.ICEServer
	for _, s := range servers {
		server := webrtc.ICEServer{URLs: s.URLs, Username: s.Username}
		if s.Credential != "" {
			server.Credential = s.Credential
		}
		all = append(all, server)
	}
	return all
}
