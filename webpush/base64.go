package webpush

import (
	"encoding/base64"
	"errors"
	"strings"
)

var errBase64 = errors.New("not base64url")

// encodeBase64 writes base64url without padding (RFC 7515, Section 2), the
// form that RFC 8291 and RFC 8292 use everywhere.
func encodeBase64(octets []byte) string {
	return base64.RawURLEncoding.EncodeToString(octets)
}

// decodeBase64 reads base64url, and the padded and standard-alphabet forms
// that other tools print (RFC 4648, Sections 4 and 5). Otherwise it is strict,
// so that no two texts of one form decode to the same octets.
func decodeBase64(text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") { // encoding/base64 would skip them
		return nil, errBase64
	}
	digits := strings.TrimRight(text, "=")
	if digits != text && len(text)%4 != 0 {
		return nil, errBase64
	}
	digits = strings.ReplaceAll(strings.ReplaceAll(digits, "+", "-"), "/", "_")
	octets, err := base64.RawURLEncoding.Strict().DecodeString(digits)
	if err != nil {
		return nil, errBase64
	}
	return octets, nil
}
