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

// loadKept reads all settings; where they cannot be read, the defaults will do.
func loadKept(ctx context.Context, store *browser.Store) map[string]string {
	kept, err := store.Strings(ctx)
	if err != nil {
		browser.Log(err.Error())
	}
	return kept
}

func settingsOf(kept map[string]string) page.Settings {
	_, choice := browser.Language()
	return page.Settings{
		Language: choice,
		Name:     kept[settingName],
		RingTone: kept[settingRingTone] != off,
		Early:    kept[settingEarly] != off,

		ContactsOnly: kept[settingContacts] == on,
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

func ownOf(kept map[string]string) config.Own {
	return config.Own{
		Servers:    kept[settingServers],
		Username:   kept[settingUsername],
		Credential: kept[settingPassword],
		Relay:      kept[settingRelay],
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
