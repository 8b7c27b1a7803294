//go:build js && wasm

package browser

import (
	"context"
	"fmt"
	"time"

	"github.com/hack-pad/safejs"
)

// fetchTime bounds one request.
const fetchTime = 15 * time.Second

// response is a Response of the Fetch standard, Section 5.5.
type response struct {
	status int
	value  safejs.Value
}

// header returns a header field, or "" when it is absent or not exposed.
func (r response) header(name string) string {
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

// FetchText returns the text at an address on the page's host.
func FetchText(ctx context.Context, address string) (string, error) {
	r, err := fetch(ctx, address, map[string]any{})
	if err != nil {
		return "", failure("fetch "+address, err)
	}
	if r.status != 200 {
		return "", fmt.Errorf("browser: fetch %s: status %d", address, r.status)
	}
	text, err := awaitCall(ctx, r.value, "text")
	if err != nil {
		return "", failure("fetch "+address, err)
	}
	return text.String()
}

// post makes a POST request without credentials. The error does not name the
// address, which may be a capability.
func post(ctx context.Context, address string, header map[string]string, body []byte) (response, error) {
	options, err := postOptions(header, body)
	if err != nil {
		return response{}, failure("post", err)
	}
	r, err := fetch(ctx, address, options)
	if err != nil {
		return response{}, failure("post", err)
	}
	return r, nil
}

// postOptions is the RequestInit (Fetch standard, Section 5.4) of a post.
func postOptions(header map[string]string, body []byte) (map[string]any, error) {
	octets, err := newUint8Array(body)
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

// postOnPageHide does all of a post that takes time. Between arm and disarm the
// request starts when the page is closed, left or reloaded, once, and goes on
// when the page ends (keepalive; all of them together have 64 KiB of body). What
// comes of it nobody learns. The browser calls its own fetch, bound to what it is
// to send: a program is broken off in a page that goes away.
func postOnPageHide(address string, header map[string]string, body []byte) (arm func() (disarm func()), err error) {
	fields, err := postOptions(header, body)
	if err != nil {
		return nil, failure("prepare a post", err)
	}
	fields["keepalive"] = true
	function, err := get("fetch")
	if err != nil {
		return nil, failure("prepare a post", err)
	}
	send, err := function.Call("bind", safejs.Global(), address, fields)
	if err != nil {
		return nil, failure("prepare a post", err)
	}
	return func() (disarm func()) {
		options := map[string]any{"capture": true, "once": true} // before what may be broken off
		if _, err := safejs.Global().Call("addEventListener", "pagehide", send, options); err != nil {
			complain("prepare a post", err)
		}
		return func() {
			_, _ = safejs.Global().Call("removeEventListener", "pagehide", send, options)
		}
	}, nil
}

func fetch(ctx context.Context, address string, options map[string]any) (response, error) {
	class, err := get("AbortController")
	if err != nil {
		return response{}, err
	}
	controller, err := class.New()
	if err != nil {
		return response{}, err
	}
	if options["signal"], err = controller.Get("signal"); err != nil {
		return response{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	value, err := awaitCall(ctx, safejs.Global(), "fetch", address, options)
	if ctx.Err() != nil { // what is given up must not arrive after what follows it
		_, _ = controller.Call("abort")
	}
	if err != nil {
		return response{}, err
	}
	status, err := value.Get("status")
	if err != nil {
		return response{}, err
	}
	r := response{value: value}
	r.status, err = status.Int()
	return r, err
}
