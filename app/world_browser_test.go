package app

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"pushcall/internal/filestest"
	"pushcall/phonebook"
	"pushcall/signaling"
	"pushcall/webpush"
)

// What a tab has of its browser.

func newSigner(t testing.TB) webpush.Signer {
	return webpush.NewSigner(newTestKey(t))
}

func newTestKey(t testing.TB) webpush.ApplicationServerKey {
	key, err := webpush.GenerateApplicationServerKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

var errDenied = errors.New("test: notifications are not allowed")

// Permission implements PushManager.
func (t *tab) Permission() error {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	return t.permission
}

// RequestPermission implements PushManager.
func (t *tab) RequestPermission(context.Context) error {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	if t.permission == errUndecided {
		t.permission = t.answers
	}
	return t.permission
}

// Subscription implements PushManager.
func (t *tab) Subscription(_ context.Context, key webpush.PublicKey) (webpush.Subscription, bool, error) {
	time.Sleep(storeTime)
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	if t.key != key || t.subscription == (webpush.Subscription{}) {
		return webpush.Subscription{}, false, nil
	}
	return t.subscription, true, nil
}

// Subscribe implements PushManager.
func (t *tab) Subscribe(ctx context.Context, key webpush.PublicKey) (webpush.Subscription, error) {
	time.Sleep(pushTime)
	w := t.world
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case t.permission != nil:
		return webpush.Subscription{}, t.permission
	case t.subscribing != nil:
		return webpush.Subscription{}, t.subscribing
	case t.key == key && t.subscription != (webpush.Subscription{}):
		return t.subscription, nil
	}
	t.made++
	subscription, err := webpush.NewSubscription(fmt.Sprintf("https://push.example.net/%s/%d", url.PathEscape(t.name), t.made), newTestKey(w.t).Public().String(), "AAAAAAAAAAAAAAAAAAAAAA")
	if err != nil {
		return webpush.Subscription{}, err
	}
	delete(w.lines, t.subscription.UAPublic)
	t.subscription, t.key = subscription, key
	w.lines[subscription.UAPublic] = t.person
	return subscription, nil
}

// Unsubscribe implements PushManager.
func (t *tab) Unsubscribe(context.Context) error {
	t.drop()
	return nil
}

// drop has the browser drop its subscription, of which it tells nobody.
func (p *person) drop() {
	p.world.change(func() {
		delete(p.world.lines, p.subscription.UAPublic)
		p.subscription = webpush.Subscription{}
	})
}

// CanPush implements Sender.
func (t *tab) CanPush(to signaling.Card) error {
	if to.Key.IsZero() {
		return errors.New("test: no application server key")
	}
	return nil
}

// Push implements Sender.
func (t *tab) Push(ctx context.Context, to signaling.Card, payload []byte, options webpush.Options) error {
	w := t.world
	time.Sleep(time.Millisecond)
	m, err := signaling.Open(ctx, payload, to.Subscription.UAPublic, w.verify)
	if err != nil {
		w.t.Errorf("%s pushes what cannot be opened: %v", t.name, err)
	}
	w.mu.Lock()
	receiver, carry, dead := w.lines[to.Subscription.UAPublic], w.carry, t.dead
	w.mu.Unlock()
	switch {
	case dead:
		return errDead
	case receiver == nil:
		return webpush.ErrGone
	}
	w.change(func() { w.pushes = append(w.pushes, m.Type) })
	return carry(push{t, receiver, m, payload, to.Subscription.UAPublic})
}

// Prepare implements Sender.
func (t *tab) Prepare(_ context.Context, to signaling.Card, payload []byte, options webpush.Options) (func() func(), error) {
	return func() func() {
		w, n := t.world, 0
		w.change(func() {
			if t.armed == nil {
				t.armed = map[int]func(){}
			}
			t.arms++
			n = t.arms
			t.armed[n] = func() { _ = t.Push(context.Background(), to, payload, options) }
		})
		return func() { w.change(func() { delete(t.armed, n) }) }
	}, nil
}

// Installing implements Installer.
func (t *tab) Installing() Installing {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	return t.installing
}

// Install implements Installer.
func (t *tab) Install(context.Context) (bool, error) { return t.agrees, nil }

// network is what a person's browser has of a network.
type network struct {
	offline bool            // the browser says so
	gone    map[string]bool // addresses that do not answer
	asked   []string        // addresses that were asked
	relayed bool            // all friends need a relay
}

// Online implements Network.
func (t *tab) Online() bool {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	return !t.network.offline
}

// Answers implements Network.
func (t *tab) Answers(ctx context.Context, address string) bool {
	time.Sleep(pushTime)
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	t.network.asked = append(t.network.asked, address)
	return !t.network.gone[address]
}

// NeedsRelay implements Sender.
func (t *tab) NeedsRelay(signaling.Card) bool {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	return t.network.relayed
}

// SetRelays implements Sender.
func (t *tab) SetRelays(relays []*url.URL) { t.relays = relays }

// device is a microphone, a camera or a screen.
type device struct {
	err     error         // why there is nothing to capture
	asks    chan struct{} // nil, or what the browser's question to the person waits for
	muted   bool          // by the system
	without []string      // the ids of devices that are not there
	ended   bool          // as soon as it is captured
	tracks  []*testTrack  // that were captured
}

// device returns the device of a source.
func (t *tab) device(of Source) *device {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	if t.devices[of] == nil {
		t.devices[of] = &device{}
	}
	return t.devices[of]
}

// Capture implements Devices.
func (t *tab) Capture(ctx context.Context, source Source, id string) (Track, error) {
	d := t.device(source)
	time.Sleep(time.Millisecond)
	if d.asks != nil {
		<-d.asks
	}
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	if d.err != nil {
		return nil, d.err
	}
	if slices.Contains(d.without, id) {
		id = ""
	}
	track := &testTrack{tab: t, id: id, enabled: true, muted: d.muted, over: d.ended}
	d.tracks = append(d.tracks, track)
	return track, nil
}

// Connected implements Devices.
func (t *tab) Connected(context.Context) (Connected, error) {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	return t.connected, nil
}

// Send implements Devices.
func (t *tab) Send(source Source, track Track) {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	t.sends[source], _ = track.(*testTrack)
}

// open returns the tracks of a source that nobody has stopped.
func (t *tab) opened(of Source) []*testTrack {
	d := t.device(of)
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.tracks), func(x *testTrack) bool { return x.stopped })
}

// testTrack is something that is captured.
type testTrack struct {
	tab     *tab
	id      string // of the device
	enabled bool
	stopped bool
	ended   func()
	mute    func(muted bool)
	muted   bool // when it is captured
	over    bool // it has ended
}

func (x *testTrack) SetEnabled(enabled bool) { x.tab.world.change(func() { x.enabled = enabled }) }
func (x *testTrack) Device() string          { return x.id }
func (x *testTrack) OnEnded(f func()) error {
	if x.ended = f; x.over {
		f()
	}
	return nil
}
func (x *testTrack) OnMuted(f func(muted bool)) error {
	if x.mute = f; x.muted {
		f(true)
	}
	return nil
}
func (x *testTrack) Stop() { x.tab.world.change(func() { x.stopped = true }) }

// testSink is a file that is being written.
type testSink struct {
	filestest.Sink
	tab     *tab
	name    string
	picture string // the address to show it from
	chosen  bool   // the person has said where: it need not be saved
	saved   []time.Time
}

func (s *testSink) Saves() bool                    { return !s.chosen }
func (s *testSink) Picture(context.Context) string { return s.picture }
func (s *testSink) Save(context.Context) error {
	if s.tab.disk != nil {
		<-s.tab.disk
	}
	s.tab.world.change(func() { s.saved = append(s.saved, time.Now()) })
	return nil
}

// testSource is a file of the person's.
type testSource struct {
	filestest.Source
	picture string
}

func (s *testSource) Picture(context.Context) string { return s.picture }

// OpenSink implements Folder: large files are asked for.
func (t *tab) OpenSink(_ context.Context, name string, size int64, ask bool) (Sink, error) {
	if size > 1<<40 {
		return nil, errFull
	}
	s := &testSink{tab: t, name: name, picture: "blob:" + name, chosen: ask && size > 64<<20}
	t.world.change(func() { t.sinks = append(t.sinks, s) })
	return s, nil
}

// ForgetReceived implements Folder.
func (t *tab) ForgetReceived(context.Context) error { return nil }

// KeepAwake implements Handset.
func (t *tab) KeepAwake(on bool) { t.hold("awake", on) }

// Vibrate implements Handset.
func (t *tab) Vibrate(on bool) { t.hold("vibrating", on) }

// AskBeforeLeaving implements Handset.
func (t *tab) AskBeforeLeaving(on bool) { t.world.change(func() { t.asksToLeave = on }) }

func (t *tab) hold(what string, on bool) {
	if !on {
		what = "not " + what
	}
	t.world.change(func() { t.handset = append(t.handset, what) })
}

// Persisted implements StorageManager.
func (t *tab) Persisted(context.Context) (bool, error) {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	return t.persisted, nil
}

// Persist implements StorageManager.
func (t *tab) Persist(context.Context) error {
	t.world.change(func() {
		t.asks++
		t.persisted = t.persists
	})
	return nil
}

// Visible implements Notifier.
func (t *tab) Visible() bool {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	return t.visible
}

// AwaitVisible implements Notifier.
func (t *tab) AwaitVisible(ctx context.Context) error {
	t.world.mu.Lock()
	if t.seen == nil {
		t.seen = make(chan struct{})
	}
	visible, seen := t.visible, t.seen
	t.world.mu.Unlock()
	if visible {
		return nil
	}
	select {
	case <-seen:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// look shows the tab to the person, or hides it.
func (t *tab) look(visible bool) {
	t.world.change(func() {
		t.visible = visible
		if visible && t.seen != nil {
			close(t.seen)
			t.seen = nil
		}
	})
}

// CloseNotification implements Notifier.
func (t *tab) CloseNotification(_ context.Context, id string) error {
	t.world.change(func() { t.closed = append(t.closed, id) })
	return nil
}

// NotifyMissed implements Notifier.
func (t *tab) NotifyMissed(_ context.Context, _, name string) error {
	t.world.change(func() { t.missed = append(t.missed, name) })
	return nil
}

// Language implements Language.
func (t *tab) Language() (is, choice string) {
	t.world.mu.Lock()
	defer t.world.mu.Unlock()
	if t.language == "" {
		return "en", ""
	}
	return t.language, t.language
}

// ChooseLanguage implements Language.
func (t *tab) ChooseLanguage(choice string) error {
	t.world.change(func() { t.language = choice })
	return nil
}

// cipherOf is AES-256-GCM by a key that one hash makes, where browsers take 600,000.
func cipherOf(passphrase string, s phonebook.Sealed) cipher.AEAD {
	key := sha256.Sum256(append([]byte(passphrase), s.Salt[:]...))
	block, _ := aes.NewCipher(key[:]) // of 32 octets, never fails
	aead, _ := cipher.NewGCM(block)
	return aead
}

// SealArchive implements Vault.
func (t *tab) SealArchive(_ context.Context, passphrase string, text []byte) (phonebook.Sealed, error) {
	s := phonebook.Sealed{Iterations: phonebook.Iterations, Salt: [16]byte{1}, Nonce: [12]byte{2}}
	s.Ciphertext = cipherOf(passphrase, s).Seal(nil, s.Nonce[:], text, s.Header())
	return s, nil
}

// OpenArchive implements Vault.
func (t *tab) OpenArchive(_ context.Context, passphrase string, s phonebook.Sealed) ([]byte, error) {
	return cipherOf(passphrase, s).Open(nil, s.Nonce[:], s.Ciphertext, s.Header())
}

// GenerateIdentity implements Vault.
func (t *tab) GenerateIdentity(context.Context) (webpush.Signer, error) {
	return t.world.signer(newTestKey(t.world.t)), nil
}

// ImportSigner implements Vault.
func (t *tab) ImportSigner(_ context.Context, key webpush.ApplicationServerKey) (webpush.Signer, error) {
	return t.world.signer(key), nil
}

// Reload implements Vault. The test closes the tab, and opens another.
func (t *tab) Reload() {
	t.world.change(func() { t.reloads++ })
	t.world.shows(t, reload{})
}
