package pushlab

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// mozillaMaxTTL is the longest TTL; autoendpoint shortens a longer one to it
// (extractors/notification_headers.rs).
const mozillaMaxTTL = 60 * 24 * time.Hour

// mozillaErrors documents the errno values; every refusal links it.
const mozillaErrors = "http://autopush.readthedocs.io/en/latest/http.html#error-codes"

// mozilla is the push service that Firefox subscribes at.
type mozilla struct {
	endpoint
	origin      string          // http://127.0.0.1:port, also the audience of VAPID tokens
	lifetime    context.Context // ends with the lab
	connections sync.WaitGroup
}

func newMozilla(lifetime context.Context, records *recorder, faults *Faults, origin string) *mozilla {
	return &mozilla{
		endpoint: endpoint{
			service: Mozilla,
			store:   newStore(records),
			records: records,
			faults:  faults,
			maxTTL:  mozillaMaxTTL,
			// autoendpoint's error.rs and headers/vapid.rs.
			refusals: [reasons]refusal{
				noSubscription:   {404, 102, "Invalid token"},
				gone:             {410, 106, "No such subscription"},
				noAuthorization:  {401, 109, "Missing VAPID public key"},
				badAuthorization: {401, 109, "Invalid VAPID token"},
				wrongKey:         {401, 109, "VAPID public key mismatch"},
				wrongAudience:    {401, 109, "Invalid VAPID audience"},
				longLife:         {401, 109, "VAPID token expiration is too long"},
				tooLarge:         {413, 104, "Payload reached size limit"},
				noTTL:            {400, 111, "Missing TTL value"},
				badTTL:           {400, 114, "TTL must be greater than 0"},
				badEncoding:      {400, 110, "Unknown Content-Encoding header"},
				badTopic:         {400, 113, "Topic must be URL and Filename safe Base64 alphabet"},
				tooMany:          {429, 201, "Use exponential back-off for retries"},
				internalError:    {500, 999, "Unknown error"},
			},
		},
		origin:   origin,
		lifetime: lifetime,
	}
}

func (m *mozilla) register(mux *http.ServeMux) {
	mux.Handle("/wpush/v2/{token}", closeAfter(m.allowOrigins(http.HandlerFunc(m.servePush))))
	mux.HandleFunc("GET /{$}", m.serveUserAgent)
}

// servePush answers POST /wpush/v2/<token>.
func (m *mozilla) servePush(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	m.serve(w, r, m.origin, m.origin+"/m/", (*refusal).writeJSON)
}

// writeJSON writes the refusal in autoendpoint's format.
func (r *refusal) writeJSON(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	if r.status == http.StatusGone {
		w.Header().Set("Cache-Control", "max-age=86400")
	}
	w.WriteHeader(r.status)
	json.NewEncoder(w).Encode(struct {
		Code     int    `json:"code"`
		Errno    int    `json:"errno"`
		Error    string `json:"error"`
		Message  string `json:"message"`
		MoreInfo string `json:"more_info"`
	}{r.status, r.errno, http.StatusText(r.status), r.message, mozillaErrors})
}

// allowOrigins adds Mozilla's CORS (autoendpoint's server.rs): any origin, any
// header, an hour of cache, and no exposed headers: a page cannot read Location.
func (m *mozilla) allowOrigins(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Add("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
		if origin := r.Header.Get("Origin"); origin != "" {
			header.Set("Access-Control-Allow-Origin", origin)
		}
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			header.Set("Access-Control-Allow-Methods", "DELETE, GET, POST, PUT")
			header.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
			header.Set("Access-Control-Max-Age", "3600")
			w.WriteHeader(http.StatusOK)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// closeAfter closes the connection after every answer, also to a preflight. A
// browser repeats a POST by itself if a connection that it has used before is reset,
// so the page would not notice the fault [Reset].
func closeAfter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		next.ServeHTTP(w, r)
	})
}

// newMozillaToken returns a token in the format of the real ones: a Fernet token of
// 64 octets, 183 characters of base64url, which begin with the version and the time.
func newMozillaToken() string {
	var token [137]byte
	rand.Read(token[:])
	token[0] = 0x80
	binary.BigEndian.PutUint64(token[1:], uint64(time.Now().Unix()))
	return base64.RawURLEncoding.EncodeToString(token[:])
}
