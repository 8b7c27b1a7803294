package app

import (
	"context"
	"sync/atomic"

	"pushcall/signaling"
)

// SettingsStore stores texts by name.
type SettingsStore interface {
	// String returns a setting, or "" where there is none.
	String(ctx context.Context, name string) (string, error)
	// Strings returns all settings, by name.
	Strings(ctx context.Context) (map[string]string, error)
	SetString(ctx context.Context, name, text string) error
	// AddString saves a setting unless another tab was faster, and returns the
	// one that is stored.
	AddString(ctx context.Context, name, text string) (string, error)
}

// Language is the language of the page.
type Language interface {
	// Language returns the language that the page is in (BCP 47), and the
	// person's choice, "" while that is left to the browser.
	Language() (is, choice string)
	// ChooseLanguage saves which language the page will be in when it is next
	// loaded.
	ChooseLanguage(choice string) error
}

// Names of settings in the store. What is on by default is stored only when it is
// off.
const (
	settingName       = "name"
	settingRingTone   = "ringTone"
	settingKeys       = "keys"
	settingEarly      = "early"
	settingContacts   = "contactsOnly" // for the service worker, too: not "" when it is on
	settingByTalk     = "contactsByTalk"
	settingLanguage   = "language"     // that the page is in, for the service worker
	settingServers    = "iceServers"   // of the person's own: addresses, one a line
	settingUsername   = "turnUsername" // for them
	settingPassword   = "turnPassword"
	settingRelay      = "relay" // of the person's own
	settingMicrophone = "microphone"
	settingCamera     = "camera"
	settingSpeaker    = "speaker"
	settingKey        = "applicationServerKey" // this browser's own key: its subscription is bound to it, its card carries it
	settingSubscribed = "subscribed"           // not "": there was a subscription, and the person wants one
	settingPersist    = "persist"              // when the browser was asked to delete nothing; seconds since 1970
	settingExported   = "exported"             // when the last archive was written; likewise
	settingTalking    = "talking"              // who the call is with, and when it was last there; see returning
	off               = "off"
	on                = "on"
)

// Settings are what the person decides.
type Settings struct {
	Name     string // as friends see it: a claim
	RingTone bool   // a call is heard, too
	NoKeys   bool   // single keys do nothing: see CommandOf
	Language string // the page is in it when it is next loaded; "" for what the browser has
	Early    bool   // connect to a contact while it rings, which shows them a network address

	ContactsOnly bool // the calls of anybody else do not ring
	ByTalk       bool // contacts are sorted by when the person last talked to them, not by name
}

// Preferences loads and saves Settings.
type Preferences struct {
	*common
	settings atomic.Pointer[Settings]
}

// load takes the settings that were saved.
func (p *Preferences) load(saved map[string]string) {
	_, choice := p.config.Language.Language()
	p.settings.Store(&Settings{
		Language: choice,
		Name:     saved[settingName],
		RingTone: saved[settingRingTone] != off,
		NoKeys:   saved[settingKeys] == off,
		Early:    saved[settingEarly] != off,

		ContactsOnly: saved[settingContacts] == on,
		ByTalk:       saved[settingByTalk] == on,
	})
}

// guard takes the defaults, but for what keeps people away: the settings cannot be read,
// and may have kept strangers from ringing, or contacts from seeing an address early.
func (p *Preferences) guard() {
	p.load(nil)
	settings := p.Settings()
	settings.Early, settings.ContactsOnly = false, true
	p.settings.Store(&settings)
}

// Settings returns what the person has decided.
func (p *Preferences) Settings() Settings { return *p.settings.Load() }

// SetSettings saves what the person has decided. Friends learn of a new name with
// the next call.
func (p *Preferences) SetSettings(ctx context.Context, settings Settings) error {
	settings.Name = signaling.CleanName(settings.Name)
	p.settings.Store(&settings)
	p.line.setName(settings.Name)
	for {
		if err := p.save(ctx, settings); err != nil {
			return err
		}
		now := p.Settings()
		if settings == now {
			return nil
		}
		settings = now // a later one was saved meanwhile, perhaps before this one
	}
}

func (p *Preferences) save(ctx context.Context, s Settings) error {
	if err := p.config.Language.ChooseLanguage(s.Language); err != nil {
		return err
	}
	texts := map[string]string{settingName: s.Name, settingRingTone: "", settingKeys: "", settingEarly: "", settingContacts: "", settingByTalk: ""}
	if !s.RingTone {
		texts[settingRingTone] = off
	}
	if s.NoKeys {
		texts[settingKeys] = off
	}
	if !s.Early {
		texts[settingEarly] = off
	}
	if s.ContactsOnly {
		texts[settingContacts] = on
	}
	if s.ByTalk {
		texts[settingByTalk] = on
	}
	return p.saveAll(ctx, texts)
}

// saveLanguage has the service worker speak as the page does.
func (p *Preferences) saveLanguage(ctx context.Context) error {
	language, _ := p.config.Language.Language()
	return p.config.Store.SetString(ctx, settingLanguage, language)
}

func (c *common) saveAll(ctx context.Context, texts map[string]string) error {
	for name, text := range texts {
		if err := c.config.Store.SetString(ctx, name, text); err != nil {
			return err
		}
	}
	return nil
}
