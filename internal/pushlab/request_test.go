package pushlab

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"pushcall/webpush"
)

// target is a subscription at one of the services and how to break requests to it.
type target struct {
	lab   *Lab
	sub   webpush.Subscription
	key   webpush.ApplicationServerKey
	gone  webpush.Subscription // of the same key
	never string               // an endpoint that stands for nothing
}

func mozillaTarget(t *testing.T) target {
	l := startLab(t)
	f := startFirefox(t, l, "")
	key := newKey(t)
	_, sub := f.subscribe("here", key.Public())
	_, gone := f.subscribe("gone", key.Public())
	f.send(object{"messageType": "unregister", "channelID": "gone", "code": 200})
	f.receive("unregister")
	return target{l, sub, key, gone, sub.Endpoint.String() + "x"}
}

func fcmTarget(t *testing.T) target {
	l := startLab(t)
	c := startChromium(t, l)
	key := newKey(t)
	_, gone := c.subscribe(debianEndpoint, key.Public())
	form := c.form("*")
	form.Set("delete", "true")
	c.registration(form)
	_, sub := c.subscribe(debianEndpoint, key.Public())
	return target{l, sub, key, gone, sub.Endpoint.String() + "x"}
}

// authorization makes a VAPID header of any content.
func authorization(t *testing.T, key webpush.ApplicationServerKey, audience string, expires time.Time) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	claims := fmt.Sprintf(`{"aud":%q,"exp":%d,"sub":"mailto:lab@example.com"}`, audience, expires.Unix())
	signed := encode([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + encode([]byte(claims))
	signature, err := webpush.NewSigner(key).Sign(t.Context(), []byte(signed))
	if err != nil {
		t.Fatal(err)
	}
	return "vapid t=" + signed + "." + encode(signature) + ", k=" + key.Public().String()
}

// All answers of both services, each to a valid request with one change.
func TestRefusals(t *testing.T) {
	set := func(name, value string) func(*testing.T, target, *http.Request) {
		return func(_ *testing.T, _ target, r *http.Request) { r.Header.Set(name, value) }
	}
	unset := func(name string) func(*testing.T, target, *http.Request) {
		return func(_ *testing.T, _ target, r *http.Request) { r.Header.Del(name) }
	}
	body := func(octets int) func(*testing.T, target, *http.Request) {
		return func(_ *testing.T, _ target, r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(make([]byte, octets))), int64(octets)
		}
	}
	vapid := func(life time.Duration) func(*testing.T, target, *http.Request) {
		return func(t *testing.T, to target, r *http.Request) {
			r.Header.Set("Authorization", authorization(t, to.key, to.sub.Endpoint.Origin(), time.Now().Add(life)))
		}
	}
	for _, test := range []struct {
		name    string
		change  func(*testing.T, target, *http.Request)
		mozilla int
		errno   int
		fcm     int
	}{
		{"nothing", func(*testing.T, target, *http.Request) {}, 201, 0, 201},

		{"unknown endpoint", func(_ *testing.T, to target, r *http.Request) {
			r.URL.Path += "x"
		}, 404, 102, 404},
		{"gone", func(_ *testing.T, to target, r *http.Request) {
			r.URL.Path = r.URL.Path[:strings.LastIndexByte(r.URL.Path, '/')] + to.gone.Endpoint.String()[strings.LastIndexByte(to.gone.Endpoint.String(), '/'):]
		}, 410, 106, 410},

		{"no authorization", unset("Authorization"), 401, 109, 401},
		{"other scheme", set("Authorization", "WebPush x"), 401, 109, 403},
		{"other key", func(t *testing.T, to target, r *http.Request) {
			r.Header.Set("Authorization", authorization(t, newKey(t), to.sub.Endpoint.Origin(), time.Now().Add(time.Hour)))
		}, 401, 109, 403},
		{"other key's signature", func(t *testing.T, to target, r *http.Request) {
			other := authorization(t, newKey(t), to.sub.Endpoint.Origin(), time.Now().Add(time.Hour))
			token, _, _ := strings.Cut(other, ", k=")
			r.Header.Set("Authorization", token+", k="+to.key.Public().String())
		}, 401, 109, 403},
		{"audience with a path", func(t *testing.T, to target, r *http.Request) {
			r.Header.Set("Authorization", authorization(t, to.key, to.sub.Endpoint.Origin()+"/", time.Now().Add(time.Hour)))
		}, 401, 109, 403},
		{"expired", vapid(-time.Second), 401, 109, 403},
		{"expires in a day", vapid(24*time.Hour - time.Minute), 201, 0, 201},
		{"expires after a day", vapid(24*time.Hour + time.Minute), 401, 109, 403},

		{"largest body", body(4096), 201, 0, 201},
		{"too large a body", body(4097), 413, 104, 413},
		{"no body", func(_ *testing.T, _ target, r *http.Request) {
			r.Body, r.ContentLength = http.NoBody, 0
			r.Header.Del("Content-Encoding")
		}, 201, 0, 201},

		{"no TTL", unset("TTL"), 400, 111, 400},
		{"TTL of words", set("TTL", "soon"), 400, 114, 400},
		{"negative TTL", set("TTL", "-1"), 400, 114, 400},
		{"TTL 0", set("TTL", "0"), 201, 0, 201},

		{"no encoding", unset("Content-Encoding"), 400, 110, 400},
		{"old encoding", set("Content-Encoding", "aesgcm"), 400, 110, 400},

		{"longest topic", set("Topic", strings.Repeat("t", 32)), 201, 0, 201},
		{"too long a topic", set("Topic", strings.Repeat("t", 33)), 400, 113, 400},
		{"topic of other letters", set("Topic", "a topic"), 400, 113, 400},
	} {
		check := func(t *testing.T, to target, status, errno int) {
			r := newRequest(t, to.sub, to.key, "x", webpush.Options{TTL: time.Minute})
			test.change(t, to, r)
			sent := r.ContentLength
			response, err := client(t, to.lab).Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != status {
				t.Errorf("answered %s, want %d", response.Status, status)
			}
			if got := response.Header.Get("Location"); (got != "") != (status == 201) {
				t.Errorf("Location %q with %s", got, response.Status)
			}
			if errno != 0 {
				checkMozillaError(t, response, errno)
			}
			records := to.lab.Messages()
			if len(records) != 1 || records[0].Status != status || int64(records[0].Octets) != sent {
				t.Errorf("records %+v, want one with status %d and %d octets", records, status, sent)
			}
		}
		t.Run("mozilla/"+test.name, func(t *testing.T) { check(t, mozillaTarget(t), test.mozilla, test.errno) })
		t.Run("fcm/"+test.name, func(t *testing.T) { check(t, fcmTarget(t), test.fcm, 0) })
	}
}

func checkMozillaError(t *testing.T, response *http.Response, errno int) {
	t.Helper()
	var answer struct {
		Code, Errno    int
		Error, Message string
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if answer.Code != response.StatusCode || answer.Errno != errno ||
		answer.Error != http.StatusText(response.StatusCode) || answer.Message == "" {
		t.Errorf("answered with %+v, want errno %d", answer, errno)
	}
}

func TestLongestTTL(t *testing.T) {
	for name, test := range map[string]struct {
		target func(*testing.T) target
		asked  string
		want   string
	}{
		"mozilla": {mozillaTarget, "5184001", "5184000"},
		"fcm":     {fcmTarget, "2419201", "2419200"},
		"forever": {fcmTarget, "9223372036854775807", "2419200"},
	} {
		t.Run(name, func(t *testing.T) {
			to := test.target(t)
			r := newRequest(t, to.sub, to.key, "x", webpush.Options{})
			r.Header.Set("TTL", test.asked)
			response, err := client(t, to.lab).Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if got := response.Header.Get("TTL"); got != test.want {
				t.Errorf("TTL %s became %s, want %s", test.asked, got, test.want)
			}
		})
	}
}

// A page may post to Mozilla's service; FCM's refuses even the preflight.
func TestCORS(t *testing.T) {
	for name, test := range map[string]struct {
		target                         func(*testing.T) target
		status                         int
		origin, methods, headers, life string
	}{
		"mozilla": {mozillaTarget, 200, "http://localhost:8080", "DELETE, GET, POST, PUT", "authorization,content-encoding,ttl", "3600"},
		"fcm":     {fcmTarget, 405, "", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			to := test.target(t)
			preflight, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, to.sub.Endpoint.String(), nil)
			if err != nil {
				t.Fatal(err)
			}
			preflight.Header.Set("Origin", "http://localhost:8080")
			preflight.Header.Set("Access-Control-Request-Method", "POST")
			preflight.Header.Set("Access-Control-Request-Headers", "authorization,content-encoding,ttl")
			response, err := client(t, to.lab).Do(preflight)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != test.status {
				t.Errorf("preflight answered %s, want %d", response.Status, test.status)
			}
			for name, want := range map[string]string{
				"Access-Control-Allow-Origin":  test.origin,
				"Access-Control-Allow-Methods": test.methods,
				"Access-Control-Allow-Headers": test.headers,
				"Access-Control-Max-Age":       test.life,
			} {
				if got := response.Header.Get(name); got != want {
					t.Errorf("preflight's %s is %q, want %q", name, got, want)
				}
			}

			for _, ttl := range []string{"60", ""} { // accepted, refused
				r := newRequest(t, to.sub, to.key, "x", webpush.Options{})
				r.Header.Set("Origin", "http://localhost:8080")
				r.Header.Set("TTL", ttl)
				response, err := client(t, to.lab).Do(r)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				if got := response.Header.Get("Access-Control-Allow-Origin"); got != test.origin {
					t.Errorf("%s lets %q read it, want %q", response.Status, got, test.origin)
				}
				if got := response.Header.Get("Access-Control-Expose-Headers"); got != "" {
					t.Errorf("exposes %q", got)
				}
			}
		})
	}
}

func TestFCMOtherHost(t *testing.T) {
	to := fcmTarget(t)
	r := newRequest(t, to.sub, to.key, "x", webpush.Options{})
	r.Host = "localhost"
	response, err := client(t, to.lab).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a request for another host was answered %s", response.Status)
	}
}
