package conformance

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// MaxBody is the largest message that a relay carries; octets. It is a little
// more than push services take, so that they say where their own limit lies.
const MaxBody = 4096 + 512

// bodies has messages of all sizes.
func (s *suite) bodies(t *testing.T) {
	b := s.start(t, nil)
	got := make(chan int, 1)
	endpoint := b.service.Endpoint(Hosts[0], func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- len(body)
		Created(w, r)
	})
	for _, size := range []int{0, 1, 4096, MaxBody - 1, MaxBody} {
		for how, reader := range ways(size) {
			s.run(t, fmt.Sprintf("%d octets %s", size, how), func(t *testing.T) {
				b.do(t, "POST", messageTo(endpoint), reader).carried(t, 201)
				if n := <-got; n != size {
					t.Errorf("%d arrived", n)
				}
			})
		}
	}
	for _, size := range []int{MaxBody + 1, 64 << 10} {
		text := strings.Repeat("x", size)
		for how, whole := range map[string]string{
			"with a length": request("POST", sized(messageTo(endpoint), text), text),
			"in chunks":     request("POST", append(messageTo(endpoint), field{"Transfer-Encoding", "chunked"}), fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", size, text)),
		} {
			s.run(t, fmt.Sprintf("%d octets %s", size, how), func(t *testing.T) {
				conn := b.dial(t)
				io.WriteString(conn, whole) // a relay need not read what it refuses: an HTTP client may give up at that
				conn.answer(t).refused(t, 413)
			})
		}
	}
	for how, head := range map[string]string{"with a length": "Content-Length: 1099511627776", "in chunks": "Transfer-Encoding: chunked"} {
		s.run(t, "a body without end "+how, func(t *testing.T) {
			conn := b.dial(t)
			io.WriteString(conn, strings.TrimSuffix(request("POST", messageTo(endpoint), ""), "\r\n")+head+"\r\n\r\n")
			written := make(chan int)
			go func() {
				total := 0
				for piece := "10000\r\n" + strings.Repeat("x", 1<<16) + "\r\n"; total < 64<<20; {
					n, err := io.WriteString(conn, piece)
					if total += n; err != nil {
						break
					}
				}
				written <- total
			}()
			a := conn.answer(t)
			conn.Close()
			if n := <-written; n >= 64<<20 {
				t.Error("all of it was read")
			}
			a.kept(t, 0, 413)
		})
	}
}

// ways returns a body of so many octets, with its length told before and not.
func ways(size int) map[string]io.Reader {
	text := strings.Repeat("x", size)
	return map[string]io.Reader{
		"with a length": strings.NewReader(text),
		"in chunks":     struct{ io.Reader }{strings.NewReader(text)},
	}
}

// slow has both sides take their time.
func (s *suite) slow(t *testing.T) {
	const timeout = 500 * time.Millisecond
	b := s.start(t, func(s *Setup) { s.Timeout = timeout })
	stopped, silent := b.dial(t), b.dial(t) // they wait while the others do
	io.WriteString(stopped, "POST /relay HTTP/1.1\r\nHost: relay\r\nPush-End")
	never := b.service.Endpoint(Hosts[0], func(http.ResponseWriter, *http.Request) { t.Error("half a message was carried") })
	s.run(t, "a body that stops", func(t *testing.T) {
		conn := b.dial(t)
		io.WriteString(conn, request("POST", append(messageTo(never), field{"Content-Length", "10"}), "body"))
		conn.answer(t).refused(t, 408)
	})
	s.run(t, "a body that drips", func(t *testing.T) {
		conn := b.dial(t)
		io.WriteString(conn, request("POST", append(messageTo(never), field{"Content-Length", "1000"}), "body"))
		stop := drip(conn)
		defer stop()
		conn.answer(t).refused(t, 408)
	})
	s.run(t, "a service that never answers", func(t *testing.T) {
		endpoint := b.service.Endpoint(Hosts[0], func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		})
		b.post(t, messageTo(endpoint), "body").refused(t, 504)
	})
	s.run(t, "a hundred slow clients beside a message", func(t *testing.T) {
		for range 100 {
			conn := b.dial(t)
			io.WriteString(conn, request("POST", append(messageTo(never), field{"Content-Length", "10"}), "body"))
		}
		b.post(t, messageTo(b.service.Endpoint(Hosts[0], Created)), "body").carried(t, 201)
	})
	s.run(t, "a header that stops", func(t *testing.T) { stopped.closed(t, 30*time.Second) })
	s.run(t, "a client that says nothing", func(t *testing.T) { silent.closed(t, 30*time.Second) })
}

// drip writes an octet now and then, until it is stopped.
func drip(w io.Writer) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				io.WriteString(w, "x")
			case <-done:
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}

// floods has more messages than a relay takes.
func (s *suite) floods(t *testing.T) {
	limited := func(s *Setup) { s.Burst, s.Rate = 5, 0.5 }
	s.run(t, "of one client", func(t *testing.T) {
		b := s.start(t, limited)
		endpoint := b.service.Endpoint(Hosts[0], Created)
		carried, wait := b.flood(t, messageTo(endpoint), 50)
		if carried != 5 || wait < 1 || wait > 2 {
			t.Fatalf("%d of 50 were carried and the others are to wait for %d s; want 5, and 1 to 2 s", carried, wait)
		}
		forged := with(messageTo(endpoint), "X-Forwarded-For", "198.51.100.1")
		forged = append(with(forged, "Forwarded", "for=198.51.100.1"), field{"X-Real-IP", "198.51.100.1"}, field{"True-Client-IP", "198.51.100.1"})
		b.post(t, forged, "body").refused(t, 429)
		b.waits(t, messageTo(endpoint), time.Duration(wait)*time.Second)
	})
	s.run(t, "of what is no message", func(t *testing.T) {
		b := s.start(t, limited)
		b.flood(t, messageTo("https://evil.example/x"), 20)
		b.post(t, messageTo(b.service.Endpoint(Hosts[0], Created)), "body").refused(t, 429)
	})
	s.run(t, "of one client beside another", func(t *testing.T) {
		b := s.start(t, func(s *Setup) { limited(s); s.Behind = true })
		endpoint := b.service.Endpoint(Hosts[0], Created)
		of := func(address string) []field {
			fields := make(http.Header)
			s.form.Client(fields, address)
			header := messageTo(endpoint)
			for name, values := range fields {
				header = with(header, name, values...)
			}
			return header
		}
		if carried, _ := b.flood(t, of("198.51.100.1"), 20); carried != 5 {
			t.Errorf("%d of 20 were carried, want 5", carried)
		}
		b.post(t, of("198.51.100.2"), "body").carried(t, 201)
		if carried, _ := b.flood(t, of("2001:db8:1:2::1"), 10); carried != 5 {
			t.Errorf("%d of 10 were carried, want 5", carried)
		}
		b.post(t, of("2001:db8:1:2:aaaa::2"), "body").refused(t, 429) // of the same /64
		b.post(t, of("2001:db8:1:3::1"), "body").carried(t, 201)
	})
	s.run(t, "of all at once", func(t *testing.T) {
		b := s.start(t, func(s *Setup) { s.Concurrent = 2 })
		arrived, leave := make(chan struct{}), make(chan struct{})
		endpoint := b.service.Endpoint(Hosts[0], func(w http.ResponseWriter, r *http.Request) {
			arrived <- struct{}{}
			<-leave
			Created(w, r)
		})
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() { b.post(t, messageTo(endpoint), "body").carried(t, 201) })
			<-arrived
		}
		for range 10 {
			a := b.post(t, messageTo(endpoint), "body")
			a.refused(t, 429)
			if got := a.header.Get("Retry-After"); got != "1" {
				t.Errorf("Retry-After is %q, want 1", got)
			}
		}
		close(leave)
		group.Wait()
		b.post(t, messageTo(b.service.Endpoint(Hosts[0], Created)), "body").carried(t, 201)
	})
}

// waits checks that a message is carried when a relay has said it would be, and
// not the next. Those that are refused do not make the wait longer.
func (b *bench) waits(t *testing.T, header []field, wait time.Duration) {
	t.Helper()
	began := time.Now()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if b.post(t, header, "body").status == http.StatusCreated {
			break
		}
		if time.Since(began) > wait+time.Second {
			t.Fatalf("it is still refused %v after it was to wait for %v", time.Since(began), wait)
		}
	}
	b.post(t, header, "body").refused(t, 429)
}

// flood sends messages from all sides at once. It returns how many were taken
// for messages of a client within its limit, and the longest wait, in seconds,
// that the others were told.
func (b *bench) flood(t *testing.T, header []field, count int) (carried, wait int) {
	t.Helper()
	answers := make(chan answer, count)
	var group sync.WaitGroup
	for range count {
		group.Go(func() { answers <- b.post(t, header, "body") })
	}
	group.Wait()
	close(answers)
	for a := range answers {
		if a.status != http.StatusTooManyRequests {
			carried++
			continue
		}
		a.refused(t, 429)
		seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
		if err != nil || seconds < 1 {
			t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
		}
		wait = max(wait, seconds)
	}
	return carried, wait
}
