package pushlab

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// fcmMaxTTL is the longest TTL of FCM, four weeks.
const fcmMaxTTL = 28 * 24 * time.Hour

// fcmHosts are the hosts of Chromium's endpoints: the first is built into
// Chrome, the second into Debian's Chromium, which has no Google keys.
func fcmHosts() []string {
	return []string{"fcm.googleapis.com", "jmt17.google.com"}
}

// fcm is the push service that Chromium subscribes at.
type fcm struct {
	endpoint
	lifetime    context.Context // ends with the lab
	connections sync.WaitGroup
}

func newFCM(lifetime context.Context, records *recorder, faults *Faults) *fcm {
	return &fcm{
		endpoint: endpoint{
			service: FCM,
			store:   newStore(records),
			records: records,
			faults:  faults,
			maxTTL:  fcmMaxTTL,
			// FCM does not document these texts in one place; they are from bug
			// reports (web-push-libs/web-push-php#325, web-push#940,
			// web-push-csharp#212, zaru/webpush#81 and #82).
			refusals: [reasons]refusal{
				noSubscription:   {404, 0, "A valid push subscription endpoint should be specified in the URL as such: https://fcm.googleapis.com/wp/dHIoDxE7Hdg:APA91bH1Zj0kNa..."},
				gone:             {410, 0, "push subscription has unsubscribed or expired."},
				noAuthorization:  {401, 0, "authorization header must be specified."},
				badAuthorization: {403, 0, "permission denied: invalid JWT provided"},
				wrongKey:         {403, 0, "the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions."},
				wrongAudience:    {403, 0, "aud claim in the token MUST include the origin of the push resource URL"},
				longLife:         {403, 0, "exp claim MUST NOT be more than 24 hours from the time of the request"},
				tooLarge:         {413, 0, "Payload Too Large"},
				noTTL:            {400, 0, "InvalidTtlParameter"},
				badTTL:           {400, 0, "InvalidTtlParameter"},
				badEncoding:      {400, 0, "content-encoding header must be aes128gcm"},
				badTopic:         {400, 0, "InvalidTopicParameter"},
				tooMany:          {429, 0, "Too Many Requests"},
				internalError:    {500, 0, "Internal Server Error"},
			},
		},
		lifetime: lifetime,
	}
}

// register adds the handlers that the browser itself uses; the endpoints have a
// listener of their own.
func (f *fcm) register(mux *http.ServeMux) {
	mux.HandleFunc("POST /checkin", f.serveCheckin)
	mux.HandleFunc("POST /c2dm/register3", f.serveRegister)
}

// endpointHandler serves the endpoints. Like the real service it does not support
// CORS: it answers a preflight with 405, and no answer lets a page read it.
func (f *fcm) endpointHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /fcm/send/{token}", f.servePush)
	mux.HandleFunc("POST /preprod/wp/{token}", f.servePush) // --enable-features=PushMessagingGcmEndpointWebpushPath
	return mux
}

func (f *fcm) servePush(w http.ResponseWriter, r *http.Request) {
	if !slices.Contains(fcmHosts(), r.Host) {
		http.Error(w, "no such host: "+r.Host, http.StatusMisdirectedRequest)
		return
	}
	origin := "https://" + r.Host
	f.serve(w, r, origin, origin+"/", (*refusal).writeText)
}

// writeText writes the refusal in FCM's format.
func (r *refusal) writeText(w http.ResponseWriter) { http.Error(w, r.message, r.status) }

// acceptMCS serves MCS on a listener until the listener is closed.
func (f *fcm) acceptMCS(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		f.connections.Go(func() {
			stop := context.AfterFunc(f.lifetime, func() { conn.Close() })
			defer stop()
			defer conn.Close()
			f.serveMCS(f.lifetime, conn)
		})
	}
}
