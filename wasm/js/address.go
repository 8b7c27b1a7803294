//go:build js && wasm

package js

import (
	"errors"
	"strings"
)

// errNoWebAddress is for an address that is neither http nor https.
var errNoWebAddress = errors.New("browser: not a web address")

// ParseAddress returns an http or https address as the browser would open it,
// and the host with its port as it would ask for it (URL standard, Section 4).
func ParseAddress(address string) (target, host string, err error) {
	target, host, err = parseAddress(address)
	if err != nil {
		return "", "", Failure("read an address", err)
	}
	if !strings.HasPrefix(target, "https://") && !strings.HasPrefix(target, "http://") {
		return "", "", errNoWebAddress
	}
	return target, host, nil
}

func parseAddress(address string) (target, host string, err error) {
	class, err := Get("URL")
	if err != nil {
		return "", "", err
	}
	url, err := class.New(address)
	if err != nil {
		return "", "", err
	}
	if target, err = StringOf(url, "href"); err != nil {
		return "", "", err
	}
	host, err = StringOf(url, "host")
	return target, host, err
}
