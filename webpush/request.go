package webpush

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

const (
	maxTTL   = 28 * 24 * time.Hour // FCM's limit; RFC 8030, Section 5.2 has none
	maxTopic = 32                  // RFC 8030, Section 5.4; characters
)

var (
	// ErrTTL is returned for a TTL that is negative or above 28 days.
	ErrTTL = errors.New("webpush: not a TTL")

	// ErrUrgency is returned for an urgency that RFC 8030 does not name.
	ErrUrgency = errors.New("webpush: not an urgency")

	// ErrTopic is returned for a topic that is not at most 32 characters of
	// base64url, or of a length that no octets have in it: 1 above a multiple
	// of 4.
	ErrTopic = errors.New("webpush: not a topic")
)

// Urgency tells the push service which messages may wait while a battery is
// low (RFC 8030, Section 5.3).
type Urgency string

const (
	UrgencyVeryLow Urgency = "very-low" // advertisements: on power and Wi-Fi
	UrgencyLow     Urgency = "low"      // topic updates: on power or Wi-Fi
	UrgencyNormal  Urgency = "normal"   // chat: on neither
	UrgencyHigh    Urgency = "high"     // an incoming call: low battery
)

// Options say how a push service is to treat a message.
type Options struct {
	// TTL is how long the service keeps the message for a user agent that is
	// away, rounded up to seconds. Zero means now or never.
	TTL time.Duration

	// Urgency is UrgencyNormal if not set.
	Urgency Urgency

	// Topic, if set, makes the message replace an undelivered one of the same
	// topic.
	Topic string
}

// Request is an HTTP request, ready to be sent.
type Request struct {
	Method string
	URL    string
	Header map[string]string
	Body   []byte
}

// NewRequest encrypts a plaintext for a subscription and addresses it (RFC
// 8030, Section 5). What the service answers is for CheckResponse.
func NewRequest(ctx context.Context, sub Subscription, vapid *VAPID, plaintext []byte, options Options) (*Request, error) {
	return NewRequestWithin(ctx, sub, vapid, plaintext, options, MaxPlaintext)
}

// NewRequestWithin is NewRequest with another limit than MaxPlaintext of what it
// takes, and pads to, in octets: LimitPlaintext at the most. Options have no field
// for it, since pages, which need none, carry them around: 5 kB of brotli.
func NewRequestWithin(ctx context.Context, sub Subscription, vapid *VAPID, plaintext []byte, options Options, limit int) (*Request, error) {
	header, err := options.header(sub.Endpoint.Service())
	if err != nil {
		return nil, err
	}
	header["Authorization"], err = vapid.Authorization(ctx, sub.Endpoint)
	if err != nil {
		return nil, err
	}
	body, err := encryptWithin(sub, plaintext, limit)
	if err != nil {
		return nil, err
	}
	header["Content-Encoding"] = "aes128gcm"
	header["Content-Type"] = "application/octet-stream"
	return &Request{Method: "POST", URL: sub.Endpoint.String(), Header: header, Body: body}, nil
}

// header writes the options as header fields.
func (o Options) header(service Service) (map[string]string, error) {
	if o.TTL < 0 || o.TTL > maxTTL {
		return nil, fmt.Errorf("%w: %v", ErrTTL, o.TTL)
	}
	seconds := (o.TTL + time.Second - 1) / time.Second
	header := map[string]string{"TTL": strconv.FormatInt(int64(seconds), 10)}
	if seconds == 0 && service.CachePolicy {
		header["X-WNS-Cache-Policy"] = "no-cache"
	}
	switch o.Urgency {
	case "":
	case UrgencyVeryLow, UrgencyLow, UrgencyNormal, UrgencyHigh:
		header["Urgency"] = string(o.Urgency)
	default:
		return nil, fmt.Errorf("%w: %q", ErrUrgency, o.Urgency)
	}
	if o.Topic != "" {
		if !isTopic(o.Topic) {
			return nil, fmt.Errorf("%w: %q", ErrTopic, o.Topic)
		}
		header["Topic"] = o.Topic
	}
	return header, nil
}

// isTopic reports whether text is a topic (RFC 8030, Section 5.4) that every
// service takes: Apple's wants one that decodes, and answers 400
// (BadWebPushTopic) to others. Bits that are left over may be any.
func isTopic(text string) bool {
	for _, c := range []byte(text) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return len(text) <= maxTopic && len(text)%4 != 1
}
