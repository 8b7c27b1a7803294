package conformance

import (
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// transport are the header fields that each hop has of its own.
var transport = map[string]bool{
	"Content-Length": true, "Transfer-Encoding": true, "Connection": true, "User-Agent": true, "Accept": true, "Accept-Encoding": true,
}

// carries has what a relay is for.
func (s *suite) carries(t *testing.T) {
	b := s.start(t, nil)
	for _, host := range Hosts {
		s.run(t, "to "+host, func(t *testing.T) { b.carriesTo(t, host) })
	}
	s.run(t, "only what was sent", func(t *testing.T) {
		var got http.Header
		endpoint := b.service.Endpoint(Hosts[0], func(w http.ResponseWriter, r *http.Request) { got = r.Header; Created(w, r) })
		b.post(t, []field{{"Push-Endpoint", endpoint}}, "").carried(t, 201)
		for name := range got {
			if !transport[name] {
				t.Errorf("the service got %s: %q", name, got[name])
			}
		}
	})
	s.run(t, "the endpoint in other spellings", func(t *testing.T) {
		endpoint := b.service.Endpoint(Hosts[0], Created)
		path := endpoint[len("https://"+Hosts[0]):]
		for _, spelled := range []string{
			"HTTPS://FCM.GoogleAPIs.com" + path,
			"https://fcm.googleapis.com:443" + path,
			endpoint + "?token=%2fa%3d",
		} {
			b.post(t, messageTo(spelled), "body").carried(t, 201)
		}
	})
	s.run(t, "many messages on one connection", func(t *testing.T) {
		conn := b.dial(t)
		endpoint := b.service.Endpoint(Hosts[0], Created)
		for range 5 {
			io.WriteString(conn, request("POST", sized(messageTo(endpoint), "body"), "body"))
			conn.answer(t).carried(t, 201)
		}
	})
	for _, test := range []struct{ service, want int }{
		{200, 200}, {201, 201}, {202, 202}, {204, 204},
		{400, 400}, {401, 401}, {403, 403}, {404, 404}, {406, 406}, {410, 410}, {413, 413}, {429, 429},
		{500, 500}, {502, 502}, {503, 503}, {599, 599},
		// What a browser would act upon by itself.
		{300, 502}, {301, 502}, {302, 502}, {303, 502}, {304, 502}, {307, 502}, {308, 502},
		{407, 502}, {408, 502}, {421, 502},
	} {
		s.run(t, "status "+strconv.Itoa(test.service), func(t *testing.T) { b.passesOn(t, test.service, test.want) })
	}
	s.run(t, "an answer whose body never ends", func(t *testing.T) {
		over := make(chan struct{})
		defer close(over)
		endpoint := b.service.Endpoint(Hosts[0], func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusCreated)
			http.NewResponseController(w).Flush()
			<-over
		})
		began := time.Now()
		b.post(t, messageTo(endpoint), "body").carried(t, 201)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the page waits %v for what it is never told", took)
		}
	})
}

// carriesTo checks both ways of a message that goes well.
func (b *bench) carriesTo(t *testing.T, host string) {
	var got *http.Request
	var body []byte
	endpoint := b.service.Endpoint(host, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		for name, value := range map[string]string{
			"Location": "https://example.com/message/1", "Retry-After": "7",
			"Set-Cookie": "a=b", "Access-Control-Allow-Origin": "https://other.example", "Content-Type": "text/html",
			"Clear-Site-Data": `"*"`, "Strict-Transport-Security": "max-age=1", "Refresh": "0", "X-Other": "x",
		} {
			w.Header().Set(name, value)
		}
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, "<script>")
	})
	sent := with(messageTo(endpoint), "X-WNS-Cache-Policy", "no-cache")
	header := sent
	for _, name := range []string{
		"Cookie", "Origin", "Referer", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "Proxy-Authorization",
		"Range", "X-Http-Method-Override", "Crypto-Key", "Encryption", "Accept-Language", "X-Real-Ip", "True-Client-Ip",
	} {
		header = append(header, field{name, "smuggled"})
	}
	a := b.post(t, header, "body")
	a.carried(t, 201)
	if got == nil {
		t.Fatal("nothing arrived")
	}
	if got.Method != "POST" || got.Host != host || "https://"+host+got.RequestURI != endpoint || string(body) != "body" {
		t.Errorf("the service got %s %s%s %q", got.Method, got.Host, got.RequestURI, body)
	}
	for _, f := range sent[1:] {
		if value := got.Header.Get(f.name); value != f.value {
			t.Errorf("%s arrives as %q", f.name, value)
		}
		got.Header.Del(f.name)
	}
	for name, values := range got.Header {
		if !transport[name] || values[0] == "smuggled" {
			t.Errorf("the service also got %s: %q", name, values)
		}
	}
	for name, want := range map[string]string{
		"Push-Status": "201", "Location": "https://example.com/message/1", "Retry-After": "7", "Cache-Control": "no-store",
		"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Push-Status, Retry-After, Location",
		"Set-Cookie": "", "Clear-Site-Data": "", "Strict-Transport-Security": "", "Refresh": "", "X-Other": "", "Content-Type": "",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s of the answer is %q, want %q", name, got, want)
		}
	}
	if a.body != "" {
		t.Errorf("the answer has the body %q", a.body)
	}
}

// passesOn checks what the page learns of a status.
func (b *bench) passesOn(t *testing.T, status, want int) {
	requests := 0
	endpoint := b.service.Endpoint(Hosts[0], func(w http.ResponseWriter, r *http.Request) {
		requests++
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	})
	a := b.post(t, messageTo(endpoint), "body")
	a.carried(t, want)
	if got := a.header.Get("Push-Status"); got != strconv.Itoa(status) {
		t.Errorf("Push-Status is %q", got)
	}
	if want != status && a.header.Get("Location") != "" {
		t.Error("the page is told where the redirect leads")
	}
	if requests != 1 {
		t.Errorf("the service got %d requests", requests)
	}
}
