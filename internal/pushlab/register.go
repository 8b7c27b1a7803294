package pushlab

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"strings"

	"pushcall/webpush"
)

// maxRegistration is the limit for a registration form; Chromium's have about 600
// octets.
const maxRegistration = 64 << 10 // octets

// The prefixes of an answer that Chromium recognises: the rest is the token, or the
// name of an error (engine/registration_request.cc).
const (
	registrationToken  = "token="
	registrationError  = "Error="
	errAuthentication  = "AUTHENTICATION_FAILED"
	errInvalidSender   = "INVALID_SENDER"
	errInvalidSettings = "INVALID_PARAMETERS"
)

// webPushSubtype begins the X-subtype of a page's subscription. A registration
// without it is the browser's own; it gets a token but no subscription.
const webPushSubtype = "wp:"

// serveRegister answers POST /c2dm/register3, by which a Chromium profile adds and
// removes subscriptions.
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

// parseLogin parses the header "AidLogin <id>:<secret>". For any other text it
// returns a device that no login has.
func parseLogin(header string) device {
	login, _ := strings.CutPrefix(header, "AidLogin ")
	id, secret, _ := strings.Cut(login, ":")
	return parseDevice(id, secret)
}

// newFCMToken returns a token in the format and length of the real ones, 152
// characters, so that a card measured here is as long as a real one.
func newFCMToken() string {
	var random [109]byte
	rand.Read(random[:])
	text := base64.RawURLEncoding.EncodeToString(random[:])[:145]
	return text[:11] + ":APA91b" + text[11:]
}
