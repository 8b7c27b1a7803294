package conformance

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// endpoints has every hostile endpoint sent as it is, octet by octet.
func (s *suite) endpoints(t *testing.T) {
	b := s.start(t, nil)
	for _, test := range Hostile {
		s.run(t, test.Name, func(t *testing.T) {
			if strings.TrimSpace(test.Text) != test.Text {
				t.Skip("space around a field's value is none of it (RFC 9110, Section 5.5)")
			}
			conn := b.dial(t)
			// What comes after is in a connection that is to be closed.
			header := with(sized(messageTo(test.Text), "body"), "Connection", "close")
			io.WriteString(conn, request("POST", header, "body"))
			a := conn.answer(t)
			if strings.ContainsFunc(test.Text, func(c rune) bool { return c < ' ' || c == 0x7f }) {
				a.kept(t, 0, 400, 403) // the server itself may have refused it
				return
			}
			a.refused(t, test.Status)
		})
	}
}

// fields has header fields that are not what they should be, or are there twice.
func (s *suite) fields(t *testing.T) {
	b := s.start(t, nil)
	endpoint := b.service.Endpoint(Hosts[0], func(http.ResponseWriter, *http.Request) { t.Error("a malformed message was carried") })
	header := messageTo(endpoint)
	for _, test := range []struct {
		name   string
		header []field
	}{
		{"no endpoint", with(header, "Push-Endpoint")},
		{"empty endpoint", with(header, "Push-Endpoint", "")},
		{"two endpoints", with(header, "Push-Endpoint", endpoint, endpoint)},
		{"two endpoints, one elsewhere", with(header, "Push-Endpoint", endpoint, "https://evil.example/x")},
		{"two TTLs", with(header, "TTL", "1", "2")},
		{"negative TTL", with(header, "TTL", "-1")},
		{"TTL too long", with(header, "TTL", strings.Repeat("1", 11))},
		{"TTL in words", with(header, "TTL", "soon")},
		{"two urgencies", with(header, "Urgency", "low", "high")},
		{"unknown urgency", with(header, "Urgency", "HIGH")},
		{"two topics", with(header, "Topic", "a", "b")},
		{"topic too long", with(header, "Topic", strings.Repeat("x", 33))},
		{"topic not of base64url", with(header, "Topic", "a b")},
		{"topic not of ASCII", with(header, "Topic", "\xe4")},
		{"two authorizations", with(header, "Authorization", "vapid t=a.b.c, k=d", "vapid t=a.b.c, k=d")},
		{"two authorizations, one basic", with(header, "Authorization", "vapid t=a.b.c, k=d", "Basic YTpi")},
		{"basic authorization", with(header, "Authorization", "Basic YTpi")},
		{"bearer authorization", with(header, "Authorization", "Bearer a.b.c")},
		{"vapid without a key", with(header, "Authorization", "vapid t=a.b.c")},
		{"vapid with two tokens", with(header, "Authorization", "vapid t=a.b.c, t=a.b.c")},
		{"authorization too long", with(header, "Authorization", "vapid t="+strings.Repeat("x", 2048)+", k=d")},
		{"two encodings", with(header, "Content-Encoding", "aes128gcm", "gzip")},
		{"another encoding", with(header, "Content-Encoding", "gzip")},
		{"another type", with(header, "Content-Type", "text/html")},
		{"two types", with(header, "Content-Type", "application/octet-stream", "application/octet-stream")},
		{"another cache policy", with(header, "X-WNS-Cache-Policy", "x")},
	} {
		s.run(t, test.name, func(t *testing.T) {
			conn := b.dial(t)
			io.WriteString(conn, request("POST", sized(test.header, "body"), "body"))
			conn.answer(t).refused(t, 400)
		})
	}
	for _, host := range []string{"web.push.apple.com", "api.push.apple.com"} {
		for _, length := range []int{1, 5, 17, 29} {
			s.run(t, fmt.Sprintf("topic of %d characters to %s", length, host), func(t *testing.T) {
				to := with(messageTo("https://"+host+"/"+capability), "Topic", strings.Repeat("x", length))
				b.post(t, to, "body").refused(t, 400)
			})
		}
	}
	for _, length := range []int{1, 2, 3, 4, 5, 31, 32} {
		s.run(t, fmt.Sprintf("topic of %d characters", length), func(t *testing.T) {
			for _, host := range Hosts {
				if host == "web.push.apple.com" && length%4 == 1 {
					continue
				}
				b.post(t, with(messageTo(b.service.Endpoint(host, Created)), "Topic", strings.Repeat("x", length)), "body").carried(t, 201)
			}
		})
	}
	for _, method := range []string{"GET", "PUT", "DELETE", "PATCH", "HEAD", "PROPFIND"} {
		s.run(t, method, func(t *testing.T) {
			a := b.do(t, method, header, nil)
			if a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "POST, OPTIONS" {
				t.Errorf("the answer is %d, allows %q", a.status, a.header.Get("Allow"))
			}
		})
	}
	for _, method := range []string{"TRACE", "CONNECT", "post", "POST\x00", "_"} {
		s.run(t, fmt.Sprintf("method %q", method), func(t *testing.T) {
			conn := b.dial(t)
			io.WriteString(conn, request(method, sized(header, "body"), "body"))
			conn.answer(t).kept(t, 0, 400, 404, 405, 500, 501) // of the server, which is not to be asked such things
		})
	}
}

// smuggling has requests of which two programs may disagree where they end, or
// what they are. Whatever the relay makes of them, no more than one message
// arrives, and nothing that was hidden in it.
func (s *suite) smuggling(t *testing.T) {
	b := s.start(t, nil)
	hidden := "POST https://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nPush-Endpoint: https://evil.example/hidden\r\n\r\n"
	chunked := func(body string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body) }
	for _, test := range []struct {
		name string
		head string // after the message's own header
		body string
	}{
		{"length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", chunked(hidden)},
		{"chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 400\r\n", "0\r\n\r\n" + hidden},
		{"two lengths", "Content-Length: 4\r\nContent-Length: 200\r\n", "body" + hidden},
		{"two lengths in one field", "Content-Length: 4, 200\r\n", "body" + hidden},
		{"length with a sign", "Content-Length: +4\r\n", "body" + hidden},
		{"negative length", "Content-Length: -4\r\n", "body" + hidden},
		{"hexadecimal length", "Content-Length: 0x4\r\n", "body" + hidden},
		{"huge length", "Content-Length: 99999999999999999999\r\n", "body" + hidden},
		{"chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunked("body") + hidden},
		{"chunked, then not", "Transfer-Encoding: chunked, identity\r\n", chunked("body") + hidden},
		{"not quite chunked", "Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n", "body" + hidden},
		{"chunked after a vertical tab", "Transfer-Encoding: \x0bchunked\r\nContent-Length: 4\r\n", "body" + hidden},
		{"space before the colon", "Transfer-Encoding : chunked\r\nContent-Length: 4\r\n", "body" + hidden},
		{"chunk with a bad size", "Transfer-Encoding: chunked\r\n", "zz\r\nbody\r\n0\r\n\r\n" + hidden},
		{"chunk with a huge size", "Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nbody\r\n0\r\n\r\n" + hidden},
		{"chunk with an extension", "Transfer-Encoding: chunked\r\n", "4;a=\"\r\n\"\r\nbody\r\n0\r\n\r\n" + hidden},
		{"trailers", "Transfer-Encoding: chunked\r\nTrailer: Push-Endpoint\r\n", "4\r\nbody\r\n0\r\nPush-Endpoint: https://evil.example/x\r\n\r\n"},
		{"folded line", "X-Fold: a\r\n Push-Endpoint: https://evil.example/x\r\nContent-Length: 4\r\n", "body" + hidden},
		{"folded endpoint", "Push-Endpoint:\r\n https://evil.example/x\r\nContent-Length: 4\r\n", "body" + hidden},
		{"line feeds alone", "X-A: a\nPush-Endpoint: https://evil.example/x\nContent-Length: 4\r\n", "body" + hidden},
		{"carriage return alone", "X-A: a\rPush-Endpoint: https://evil.example/x\r\nContent-Length: 4\r\n", "body" + hidden},
		{"NUL in a value", "X-A: a\x00b\r\nContent-Length: 4\r\n", "body" + hidden},
		{"NUL in a name", "X\x00A: a\r\nContent-Length: 4\r\n", "body" + hidden},
		{"line without a colon", "Push-Endpoint\r\nContent-Length: 4\r\n", "body" + hidden},
		{"two hosts", "Host: evil.example\r\nContent-Length: 4\r\n", "body" + hidden},
		{"a hop's own fields", "Connection: close, Authorization, TTL\r\nKeep-Alive: x\r\nUpgrade: h2c\r\nContent-Length: 4\r\n", "body"},
		{"the endpoint in another case", "push-endpoint: https://evil.example/x\r\nContent-Length: 4\r\n", "body" + hidden},
		{"the endpoint with an underscore", "Push_Endpoint: https://evil.example/x\r\nContent-Length: 4\r\n", "body"},
		{"a request behind the message", "Content-Length: 4\r\n", "body" + hidden},
	} {
		s.run(t, test.name, func(t *testing.T) {
			arrived := make(chan string, 10)
			endpoint := b.service.Endpoint(Hosts[0], func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				arrived <- r.Host + " " + r.Header.Get("TTL") + string(body)
				Created(w, r)
			})
			conn := b.dial(t)
			head := strings.TrimSuffix(request("POST", messageTo(endpoint), ""), "\r\n")
			last := "GET /relay HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n" // after which the relay hangs up
			io.WriteString(conn, head+test.head+"\r\n"+test.body+last)
			switch a := conn.answer(t); a.status {
			case http.StatusCreated:
				if got := <-arrived; got != Hosts[0]+" 30body" && got != Hosts[0]+" 30"+hidden && got != Hosts[0]+" 30" {
					t.Errorf("the service got %q", got)
				}
			default:
				a.kept(t, 0, 400, 403, 408, 413, 501)
			}
			for a := conn.answer(t); a.status != 0; a = conn.answer(t) {
				a.kept(t, 400, 403, 405, 408, 413, 501)
			}
			if len(arrived) > 0 {
				t.Errorf("the service also got %q", <-arrived)
			}
		})
	}
	s.run(t, "a header without end", func(t *testing.T) {
		conn := b.dial(t)
		endless := request("POST", messageTo(Hosts[0]), "")[:40] + "X-A: " + strings.Repeat("x", 1<<20)
		io.WriteString(conn, endless)
		conn.answer(t).kept(t, 0, 400, 431)
	})
	s.run(t, "no HTTP at all", func(t *testing.T) {
		conn := b.dial(t)
		io.WriteString(conn, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"+strings.Repeat("\r\n\x00", 100))
		conn.CloseWrite()
		conn.answer(t).kept(t, 0, 400, 501)
	})
}
