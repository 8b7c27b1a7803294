//go:build js && wasm

package js

import (
	"context"
	"fmt"
	"time"

	"github.com/hack-pad/safejs"
)

// fetchTime bounds one request.
const fetchTime = 15 * time.Second

// Response is a response to a request (Fetch standard, Section 5.5).
type Response struct {
	Status int // RFC 9110, Section 15
	value  safejs.Value
}

// Header returns a header field, or "" where it is absent or CORS does not expose it.
func (r Response) Header(name string) string {
	headers, err := r.value.Get("headers")
	if err != nil {
		return ""
	}
	value, err := headers.Call("get", name)
	if err != nil || value.Type() != safejs.TypeString {
		return ""
	}
	text, _ := value.String()
	return text
}

// FetchText returns the text at an address. Any status but 200 is an error.
func FetchText(ctx context.Context, address string) (string, error) {
	r, err := Fetch(ctx, address, map[string]any{})
	if err != nil {
		return "", Failure("fetch "+address, err)
	}
	if r.Status != 200 {
		return "", fmt.Errorf("browser: fetch %s: status %d", address, r.Status)
	}
	text, err := AwaitCall(ctx, r.value, "text")
	if err != nil {
		return "", Failure("fetch "+address, err)
	}
	return text.String()
}

// Post makes a POST request without credentials. The error does not contain the
// address, which may be a capability.
func Post(ctx context.Context, address string, header map[string]string, body []byte) (Response, error) {
	options, err := postOptions(header, body)
	if err != nil {
		return Response{}, Failure("post", err)
	}
	r, err := Fetch(ctx, address, options)
	if err != nil {
		return Response{}, Failure("post", err)
	}
	return r, nil
}

// postOptions returns the RequestInit (Fetch standard, Section 5.4) of a POST request.
func postOptions(header map[string]string, body []byte) (map[string]any, error) {
	octets, err := NewUint8Array(body)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{}
	for name, value := range header {
		fields[name] = value
	}
	return map[string]any{
		"method": "POST", "headers": fields, "body": octets,
		"credentials": "omit", "cache": "no-store", "redirect": "error", "referrerPolicy": "no-referrer",
	}, nil
}

// PostOnPageHide prepares a POST request that the browser makes by itself. Between
// arm and disarm the request starts once, when the page is closed, left or reloaded,
// and outlives the page (keepalive: the bodies of all such requests together have at
// most 64 KiB). Its response is not read. The listener is the browser's own fetch,
// bound to its arguments, because a page that goes away may stop the Go program.
func PostOnPageHide(address string, header map[string]string, body []byte) (arm func() (disarm func()), err error) {
	fields, err := postOptions(header, body)
	if err != nil {
		return nil, Failure("prepare a post", err)
	}
	fields["keepalive"] = true
	function, err := Get("fetch")
	if err != nil {
		return nil, Failure("prepare a post", err)
	}
	send, err := function.Call("bind", safejs.Global(), address, fields)
	if err != nil {
		return nil, Failure("prepare a post", err)
	}
	return func() (disarm func()) {
		options := map[string]any{"capture": true, "once": true} // before what may be broken off
		if _, err := safejs.Global().Call("addEventListener", "pagehide", send, options); err != nil {
			LogFailure("prepare a post", err)
		}
		return func() {
			_, _ = safejs.Global().Call("removeEventListener", "pagehide", send, options)
		}
	}, nil
}

// Fetch makes a request and returns its response, whatever the status. It gives up
// after 15 s, and cancels the request then or when ctx ends.
func Fetch(ctx context.Context, address string, options map[string]any) (Response, error) {
	class, err := Get("AbortController")
	if err != nil {
		return Response{}, err
	}
	controller, err := class.New()
	if err != nil {
		return Response{}, err
	}
	if options["signal"], err = controller.Get("signal"); err != nil {
		return Response{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	value, err := AwaitCall(ctx, safejs.Global(), "fetch", address, options)
	if ctx.Err() != nil { // what is given up must not arrive after what follows it
		_, _ = controller.Call("abort")
	}
	if err != nil {
		return Response{}, err
	}
	status, err := value.Get("status")
	if err != nil {
		return Response{}, err
	}
	r := Response{value: value}
	r.Status, err = status.Int()
	return r, err
}
