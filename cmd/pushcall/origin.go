package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// origins is the option --origin.
type origins []string

// String is part of flag.Value.
func (o *origins) String() string { return "" }

// Set is part of flag.Value.
func (o *origins) Set(text string) error {
	origin, ok := parseOrigin(text)
	if !ok {
		return fmt.Errorf("%q is not https://HOST", text)
	}
	*o = append(*o, origin)
	return nil
}

// parseOrigin returns an origin without a slash at its end. It accepts only the form
// that browsers send (URL Standard, origin serialization): in lower case, without a
// default port. Any other form would match no page.
func parseOrigin(text string) (origin string, ok bool) {
	text = strings.TrimSuffix(strings.ToLower(text), "/")
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || text != u.Scheme+"://"+u.Host {
		return "", false
	}
	name, port := u.Hostname(), u.Port()
	address, err := netip.ParseAddr(name)
	switch {
	case err == nil && address.Is6() && address.Zone() == "":
		name = "[" + address.String() + "]"
	case !isHostName(name):
		return "", false
	}
	number, err := strconv.ParseUint(port, 10, 16)
	switch {
	case port == "" && !strings.HasSuffix(u.Host, ":"):
	case err != nil || number == 0:
		return "", false
	case u.Scheme == "http" && number != 80 || u.Scheme == "https" && number != 443:
		name += ":" + strconv.FormatUint(number, 10)
	}
	return u.Scheme + "://" + name, true
}

// isHostName reports whether text has only the characters of lower-case DNS names.
func isHostName(text string) bool {
	return text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}
