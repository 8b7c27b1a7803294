package webpush

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"strings"
	"testing"
	"time"
)

func TestNewRequest(t *testing.T) {
	private, sub := newReceiver(t)
	vapid := newVAPID(t, newCountingSigner(t), "")
	request, err := NewRequest(t.Context(), sub, vapid, []byte("ring"), Options{TTL: 45 * time.Second, Urgency: UrgencyHigh, Topic: "call-1"})
	if err != nil {
		t.Fatal(err)
	}
	authorization, err := vapid.Authorization(t.Context(), sub.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	if request.Method != "POST" || request.URL != sub.Endpoint.String() {
		t.Errorf("%s %s", request.Method, request.URL)
	}
	if want := map[string]string{
		"TTL":              "45",
		"Urgency":          "high",
		"Topic":            "call-1",
		"Authorization":    authorization,
		"Content-Encoding": "aes128gcm",
		"Content-Type":     "application/octet-stream",
	}; !maps.Equal(request.Header, want) {
		t.Errorf("header %v, want %v", request.Header, want)
	}
	if got, err := Decrypt(private, sub.AuthSecret, request.Body); err != nil || string(got) != "ring" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestNewRequestRefuses(t *testing.T) {
	_, sub := newReceiver(t)
	vapid := newVAPID(t, newCountingSigner(t), "")
	for name, test := range map[string]struct {
		sub       Subscription
		plaintext []byte
		options   Options
		want      error
	}{
		"no subscription": {Subscription{}, nil, Options{}, ErrEndpoint},
		"too large":       {sub, make([]byte, MaxPlaintext+1), Options{}, ErrTooLarge},
		"bad TTL":         {sub, nil, Options{TTL: -1}, ErrTTL},
	} {
		if request, err := NewRequest(t.Context(), test.sub, vapid, test.plaintext, test.options); !errors.Is(err, test.want) || request != nil {
			t.Errorf("%s: %v, %v", name, request, err)
		}
	}
}

// TestRequestSizes: the caller sets the limit of the plaintext, up to that of RFC 8291.
func TestRequestSizes(t *testing.T) {
	private, sub := newReceiver(t)
	vapid := newVAPID(t, newCountingSigner(t), "")
	for _, test := range []struct {
		limit, n, body int // body 0: too large
	}{
		{MaxPlaintext, MaxPlaintext - 1, 2703}, {MaxPlaintext, MaxPlaintext, 2703}, {MaxPlaintext, MaxPlaintext + 1, 0}, {0, 0, 103}, {0, 1, 0},
		{LimitPlaintext, 0, 359}, {LimitPlaintext, 2600, 2703}, {LimitPlaintext, 2601, 4096},
		{LimitPlaintext, LimitPlaintext - 1, 4096}, {LimitPlaintext, LimitPlaintext, 4096}, {LimitPlaintext, LimitPlaintext + 1, 0},
		{LimitPlaintext - 1, LimitPlaintext - 1, 4095}, {LimitPlaintext - 1, LimitPlaintext, 0},
		{3000, 2999, 3103}, {3000, 3000, 3103}, {3000, 3001, 0}, {3000, 2048, 2151},
		{1000, 600, 1103}, {1000, 999, 1103}, {1000, 1000, 1103}, {1000, 1001, 0}, {1000, 512, 615},
		{1, 0, 104}, {1, 1, 104}, {1, 2, 0},
		{LimitPlaintext + 1, 0, 0}, {LimitPlaintext + 1, LimitPlaintext + 1, 0}, {math.MaxInt, 1, 0}, {-1, 0, 0}, {math.MinInt, 0, 0},
	} {
		plaintext := bytes.Repeat([]byte("x"), test.n)
		request, err := NewRequestWithin(t.Context(), sub, vapid, plaintext, Options{}, test.limit)
		if test.body == 0 {
			if !errors.Is(err, ErrTooLarge) {
				t.Errorf("%d octets, limit %d: %v", test.n, test.limit, err)
			}
			continue
		}
		if err != nil || len(request.Body) != test.body {
			t.Errorf("%d octets, limit %d: %+v, %v, want a body of %d", test.n, test.limit, request, err, test.body)
			continue
		}
		if got, err := Decrypt(private, sub.AuthSecret, request.Body); err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("%d octets, limit %d: come back as %d, %v", test.n, test.limit, len(got), err)
		}
	}
}

func TestOptions(t *testing.T) {
	const day = 24 * time.Hour
	wns := Service{CachePolicy: true}
	for name, test := range map[string]struct {
		options Options
		service Service
		want    map[string]string
		err     error
	}{
		"none":              {Options{}, Service{}, map[string]string{"TTL": "0"}, nil},
		"none, WNS":         {Options{}, wns, map[string]string{"TTL": "0", "X-WNS-Cache-Policy": "no-cache"}, nil},
		"TTL, WNS":          {Options{TTL: time.Second}, wns, map[string]string{"TTL": "1"}, nil},
		"TTL is rounded up": {Options{TTL: time.Second + 1}, Service{}, map[string]string{"TTL": "2"}, nil},
		"TTL just above 0":  {Options{TTL: 1}, wns, map[string]string{"TTL": "1"}, nil},
		"TTL at its limit":  {Options{TTL: 28 * day}, Service{}, map[string]string{"TTL": "2419200"}, nil},
		"TTL above it":      {Options{TTL: 28*day + 1}, Service{}, nil, ErrTTL},
		"TTL below 0":       {Options{TTL: -1}, Service{}, nil, ErrTTL},
		"urgency":           {Options{Urgency: UrgencyVeryLow}, Service{}, map[string]string{"TTL": "0", "Urgency": "very-low"}, nil},
		"unknown urgency":   {Options{Urgency: "urgent"}, Service{}, nil, ErrUrgency},
		"topic":             {Options{Topic: "aZ09-_"}, Service{}, map[string]string{"TTL": "0", "Topic": "aZ09-_"}, nil},
		"topic of 32":       {Options{Topic: strings.Repeat("t", 32)}, Service{}, map[string]string{"TTL": "0", "Topic": strings.Repeat("t", 32)}, nil},
		"topic of 33":       {Options{Topic: strings.Repeat("t", 33)}, Service{}, nil, ErrTopic},
		"topic of 1":        {Options{Topic: "t"}, Service{}, nil, ErrTopic},
		"topic of 2":        {Options{Topic: "tt"}, Service{}, map[string]string{"TTL": "0", "Topic": "tt"}, nil},
		"topic of 5":        {Options{Topic: "AAAAA"}, Service{Name: "Apple"}, nil, ErrTopic},
		"topic of 29":       {Options{Topic: strings.Repeat("t", 29)}, Service{}, nil, ErrTopic},
		"topic of 31":       {Options{Topic: strings.Repeat("t", 31)}, Service{}, map[string]string{"TTL": "0", "Topic": strings.Repeat("t", 31)}, nil},
		"topic with +":      {Options{Topic: "a+b/"}, Service{}, nil, ErrTopic},
		"topic with a dot":  {Options{Topic: "call.one"}, Service{}, nil, ErrTopic},
		"topic with =":      {Options{Topic: "AA=="}, Service{}, nil, ErrTopic},
		"topic with a line": {Options{Topic: "a\r\nX: y"}, Service{}, nil, ErrTopic},
		"topic, not ASCII":  {Options{Topic: "é"}, Service{}, nil, ErrTopic},
	} {
		got, err := test.options.header(test.service)
		if !maps.Equal(got, test.want) || !errors.Is(err, test.err) {
			t.Errorf("%s: %v, %v, want %v, %v", name, got, err, test.want, test.err)
		}
	}
}
