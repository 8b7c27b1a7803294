package pushlab

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"strings"

	"pushcall/webpush"
)

// maxRegistration bounds a registration form; Chromium's are about 600 octets.
const maxRegistration = 64 << 10 // octets

// What Chromium looks for in an answer; a token is whatever follows its prefix.
// From engine/registration_request.cc, which also has the errors' names.
const (
	registrationToken  = "token="
	registrationError  = "Error="
	errAuthentication  = "AUTHENTICATION_FAILED"
	errInvalidSender   = "INVALID_SENDER"
	errInvalidSettings = "INVALID_PARAMETERS"
)

// webPushSubtype begins the X-subtype of a page's subscription. Registrations
// without it are the browser's own; they get a token and never a message.
const webPushSubtype = "wp:"

// serveRegister answers POST /c2dm/register3, by which a Chromium profile makes
// and ends subscriptions.
func (f *fcm) serveRegister(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRegistration)
	if err := r.ParseForm(); err != nil {
		io.WriteString(w, registrationError+errInvalidSettings)
		return
	}
	agent := f.agent(parseLogin(r.Header.Get("Authorization")))
	app, subtype := r.PostForm.Get("app"), r.PostForm.Get("X-subtype")
	switch {
	case agent == nil:
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, registrationError+errAuthentication)
	case r.PostForm.Get("delete") == "true":
		f.store.unsubscribe(agent, subtype)
		io.WriteString(w, registrationToken+app)
	case !strings.HasPrefix(subtype, webPushSubtype):
		io.WriteString(w, registrationToken+newFCMToken())
	default:
		key, err := webpush.ParsePublicKey(r.PostForm.Get("sender"))
		if err != nil {
			io.WriteString(w, registrationError+errInvalidSender)
			return
		}
		token := f.store.subscribe(subscription{agent: agent, token: newFCMToken(), channel: subtype, app: app, key: key})
		io.WriteString(w, registrationToken+token)
	}
}

// parseLogin reads the header "AidLogin <id>:<secret>"; anything else is nobody's login.
func parseLogin(header string) device {
	login, _ := strings.CutPrefix(header, "AidLogin ")
	id, secret, _ := strings.Cut(login, ":")
	return parseDevice(id, secret)
}

// newFCMToken makes a token of the looks and the length of the real ones, 152
// characters, so that what is measured of a card here holds there.
func newFCMToken() string {
	var random [109]byte
	rand.Read(random[:])
	text := base64.RawURLEncoding.EncodeToString(random[:])[:145]
	return text[:11] + ":APA91b" + text[11:]
}
