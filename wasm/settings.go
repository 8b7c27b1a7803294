//go:build js && wasm

package main

import (
	"context"

	"pushcall/internal/config"
	"pushcall/wasm/browser"
	"pushcall/wasm/page"
)

// The names that settings are kept under. What is on by default is kept only
// when it is off.
const (
	settingName     = "name"
	settingRingTone = "ringTone"
	settingEarly    = "early"
	settingContacts = "contactsOnly" // for the service worker, too: not "" when it is on
	settingLanguage = "language"     // that the page is in, for the service worker
	settingServers  = "iceServers"   // of the person's own: addresses, one a line
	settingUsername = "turnUsername" // for them
	settingPassword = "turnPassword"
	settingRelay    = "relay" // of the person's own
	settingSpeaker  = "speaker"
	off             = "off"
	on              = "on"
)

func loadSettings(ctx context.Context, store *browser.Store) page.Settings {
	read := readerOf(ctx, store)
	_, choice := browser.Language()
	return page.Settings{
		Language: choice,
		Name:     read(settingName),
		RingTone: read(settingRingTone) != off,
		Early:    read(settingEarly) != off,

		ContactsOnly: read(settingContacts) == on,
	}
}

func saveSettings(ctx context.Context, store *browser.Store, s page.Settings) error {
	if err := browser.ChooseLanguage(s.Language); err != nil {
		return err
	}
	kept := map[string]string{settingName: s.Name, settingRingTone: "", settingEarly: "", settingContacts: ""}
	if !s.RingTone {
		kept[settingRingTone] = off
	}
	if !s.Early {
		kept[settingEarly] = off
	}
	if s.ContactsOnly {
		kept[settingContacts] = on
	}
	return keepAll(ctx, store, kept)
}

// readerOf reads settings; where one cannot be read, its default will do.
func readerOf(ctx context.Context, store *browser.Store) func(name string) string {
	return func(name string) string {
		text, err := store.String(ctx, name)
		if err != nil {
			browser.Log(err.Error())
		}
		return text
	}
}

func loadOwn(ctx context.Context, store *browser.Store) config.Own {
	read := readerOf(ctx, store)
	return config.Own{
		Servers:    read(settingServers),
		Username:   read(settingUsername),
		Credential: read(settingPassword),
		Relay:      read(settingRelay),
	}
}

func saveOwn(ctx context.Context, store *browser.Store, own config.Own) error {
	return keepAll(ctx, store, map[string]string{
		settingServers:  own.Servers,
		settingUsername: own.Username,
		settingPassword: own.Credential,
		settingRelay:    own.Relay,
	})
}

// deviceSettings are the names of the sources' devices; a screen is chosen each time.
var deviceSettings = map[browser.Source]string{browser.Microphone: "microphone", browser.Camera: "camera"}

func keepAll(ctx context.Context, store *browser.Store, kept map[string]string) error {
	for name, text := range kept {
		if err := store.SetString(ctx, name, text); err != nil {
			return err
		}
	}
	return nil
}

// keepLanguage has the service worker speak as the page does.
func keepLanguage(ctx context.Context, store *browser.Store) error {
	language, _ := browser.Language()
	return store.SetString(ctx, settingLanguage, language)
}
