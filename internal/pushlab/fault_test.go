package pushlab

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pushcall/webpush"
)

// line is a lab, a connected user agent, and a sender.
type line struct {
	*testing.T
	lab     *Lab
	sub     webpush.Subscription
	key     webpush.ApplicationServerKey
	client  *http.Client
	receive func() (id, text string)
}

func mozillaLine(t *testing.T) line {
	l := startLab(t)
	f := startFirefox(t, l, "")
	key := newKey(t)
	r, sub := f.subscribe("c", key.Public())
	return line{t, l, sub, key, client(t, l), func() (string, string) { return f.receiveMessage(r) }}
}

func fcmLine(t *testing.T) line {
	l := startLab(t)
	c := startChromium(t, l)
	key := newKey(t)
	r, sub := c.subscribe(debianEndpoint, key.Public())
	c.login()
	return line{t, l, sub, key, client(t, l), func() (string, string) { return c.receiveMessage(r) }}
}

// onBoth runs a test at each of the services.
func onBoth(t *testing.T, test func(line)) {
	t.Run("mozilla", func(t *testing.T) { test(mozillaLine(t)) })
	t.Run("fcm", func(t *testing.T) { test(fcmLine(t)) })
}

func (l line) add(faults ...Fault) {
	l.Helper()
	if err := l.lab.Faults().Add(faults...); err != nil {
		l.Fatal(err)
	}
}

// post sends a message. Its answer's body is still to be read.
func (l line) post(text string) (*http.Response, error) {
	l.Helper()
	response, err := l.client.Do(newRequest(l.T, l.sub, l.key, text, webpush.Options{TTL: time.Minute}))
	if err == nil {
		l.Cleanup(func() { response.Body.Close() })
	}
	return response, err
}

// mustPost sends a message that must be answered with the status.
func (l line) mustPost(text string, status int) *http.Response {
	l.Helper()
	response, err := l.post(text)
	if err != nil {
		l.Fatal(err)
	}
	if response.StatusCode != status {
		l.Errorf("%q was answered %s, want %d", text, response.Status, status)
	}
	return response
}

func (l line) want(texts ...string) {
	l.Helper()
	for _, want := range texts {
		if _, text := l.receive(); text != want {
			l.Fatalf("received %q, want %q of %q", text, want, texts)
		}
	}
}

// wantFaults checks the faults in the records of messages.
func (l line) wantFaults(kinds ...FaultKind) {
	l.Helper()
	var met []FaultKind
	for _, record := range l.lab.Messages() {
		met = append(met, record.Fault)
	}
	if !slices.Equal(met, kinds) {
		l.Errorf("the records have the faults %q, want %q", met, kinds)
	}
}

func TestFaultLost(t *testing.T) {
	onBoth(t, func(l line) {
		l.add(Fault{Kind: Drop}, Fault{Kind: NoFault}, Fault{Kind: Expire})
		l.mustPost("dropped", 201)
		l.mustPost("1", 201)
		l.mustPost("expired", 201)
		l.mustPost("2", 201)
		l.want("1", "2")
		l.wantFaults(Drop, "", Expire, "")
		for _, record := range l.lab.Messages() {
			if lost := record.Fault != ""; lost != record.Delivered.IsZero() || record.Status != 201 {
				l.Errorf("record %+v", record)
			}
		}
	})
}

func TestFaultOrder(t *testing.T) {
	onBoth(t, func(l line) {
		l.add(Fault{Kind: Delay, Time: 500 * time.Millisecond}, Fault{Kind: Reorder, Time: time.Minute})
		start := time.Now()
		for _, text := range []string{"delayed", "reordered", "1"} {
			l.mustPost(text, 201)
		}
		l.want("1", "reordered", "delayed")
		if took := time.Since(start); took < 500*time.Millisecond {
			l.Errorf("the delayed message came after %v", took)
		}
		l.wantFaults(Delay, Reorder, "")
	})
}

func TestFaultDuplicate(t *testing.T) {
	onBoth(t, func(l line) {
		l.add(Fault{Kind: Duplicate})
		l.mustPost("twice", 201)
		first, one := l.receive()
		second, other := l.receive()
		if one != "twice" || other != "twice" || first == second {
			l.Errorf("received %q as %s and %q as %s", one, first, other, second)
		}
		if records := l.lab.Messages(); len(records) != 1 || records[0].ID != first || records[0].Copy != second {
			l.Errorf("records %+v", records)
		}
	})
}

func TestFaultStatus(t *testing.T) {
	for _, test := range []struct {
		kind   FaultKind
		status int
		errno  int
	}{
		{NotFound, 404, 102}, {Gone, 410, 106}, {TooLarge, 413, 104}, {TooMany, 429, 201}, {ServerError, 500, 999},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			onBoth(t, func(l line) {
				fault := Fault{Kind: test.kind}
				if test.kind == TooMany {
					fault.RetryAfter = 30 * time.Second
				}
				l.add(fault)
				response := l.mustPost("refused", test.status)
				if after := response.Header.Get("Retry-After"); (after == "30") != (test.kind == TooMany) {
					l.Errorf("Retry-After %q", after)
				}
				if l.lab.Messages()[0].Service == Mozilla {
					checkMozillaError(l.T, response, test.errno)
				}
				l.mustPost("1", 201) // the subscription is as it was
				l.want("1")
				l.wantFaults(test.kind, "")
			})
		})
	}
}

func TestFaultReset(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} { // which the relay speaks with FCM
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(l line) {
				l.client.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
				l.add(Fault{Kind: NoFault}, Fault{Kind: Reset})
				l.mustPost("1", 201)
				if response, err := l.post("reset"); !errors.Is(err, syscall.ECONNRESET) {
					l.Errorf("answered %v, %v, want a reset connection", response, err)
				}
				l.mustPost("2", 201)
				l.want("1", "2")
				l.wantFaults("", Reset, "")
				if record := l.lab.Messages()[1]; record.Status != 0 {
					l.Errorf("the record has the status %d of no answer", record.Status)
				}
			})
		})
	}
}

func TestFaultSlowBody(t *testing.T) {
	onBoth(t, func(l line) {
		const slow = time.Second
		l.add(Fault{Kind: SlowBody, Time: slow})
		start := time.Now()
		response := l.mustPost("slow", 201)
		head := time.Since(start)
		l.want("slow") // the message itself is not
		body, err := io.ReadAll(response.Body)
		if took := time.Since(start); err != nil || took < slow || head > took/2 || len(body) == 0 {
			l.Errorf("the head took %v, all %v, for a body of %d octets, %v", head, took, len(body), err)
		}
		l.wantFaults(SlowBody)
	})
}

// Close does not wait for slow bodies.
func TestFaultSlowBodyEndsWithLab(t *testing.T) {
	onBoth(t, func(l line) {
		l.add(Fault{Kind: SlowBody, Time: time.Hour})
		response := l.mustPost("slow", 201)
		l.lab.Close()
		if _, err := io.ReadAll(response.Body); err == nil {
			l.Error("the body came to its end")
		}
	})
}

// A fault for an endpoint waits for its message and lets others pass.
func TestFaultEndpoint(t *testing.T) {
	onBoth(t, func(l line) {
		l.add(Fault{Kind: Drop, Endpoint: "https://example.com/of-another"},
			Fault{Kind: ServerError, Endpoint: l.sub.Endpoint.String()}, Fault{Kind: Gone})
		l.mustPost("1", 500)
		l.mustPost("2", 410)
		l.mustPost("3", 201)
		l.want("3")
	})
}

// A message that the service itself refuses uses up no fault.
func TestFaultAfterRefusal(t *testing.T) {
	onBoth(t, func(l line) {
		l.add(Fault{Kind: ServerError})
		refused := newRequest(t, l.sub, l.key, "x", webpush.Options{})
		refused.Header.Del("TTL")
		response, err := l.client.Do(refused)
		if err != nil {
			l.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 400 {
			l.Errorf("without a TTL it was answered %s", response.Status)
		}
		l.mustPost("x", 500)
		l.wantFaults("", ServerError)
	})
}

func TestFaultChecks(t *testing.T) {
	var faults Faults
	for want, fault := range map[string]Fault{
		`there is no fault "dorp"`:     {Kind: "dorp"},
		`"drop" takes no time`:         {Kind: Drop, Time: time.Second},
		`"500" has no Retry-After`:     {Kind: ServerError, RetryAfter: time.Second},
		`"here" is not an endpoint`:    {Kind: Drop, Endpoint: "here"},
		`-1s is not between`:           {Kind: Delay, Time: -time.Second},
		`1h0m0.001s is not between`:    {Kind: Delay, Time: maxFaultTime + time.Millisecond},
		`Retry-After of -1s is not be`: {Kind: TooMany, RetryAfter: -time.Second},
	} {
		if err := faults.Add(Fault{}, fault); !errors.Is(err, ErrFault) || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", fault, err, want)
		}
	}
	if len(faults.queue) > 0 {
		t.Errorf("of lists with a mistake, %v was queued", faults.queue)
	}
}
