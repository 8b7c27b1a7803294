//go:build !js

package webpush

import (
	"bytes"
	"crypto/ecdh"
	"fmt"
)

// Browsers read messages, not their pages: the build tag keeps crypto/ecdh out
// of the page's program.

// Decrypt reads the body of a push message as a user agent does, with the
// private key and the auth secret of the subscription. The keys are P-256.
//
// The record size in the header is not authenticated by the coding: a body
// that differs there, but still holds the same single record, is the same
// message. Any other change is found.
func Decrypt(private *ecdh.PrivateKey, authSecret [16]byte, body []byte) ([]byte, error) {
	h, records, err := cutHeader(body)
	if err != nil {
		return nil, err
	}
	asPublic, err := ecdh.P256().NewPublicKey(h.keyID)
	if err != nil {
		return nil, fmt.Errorf("%w: the key identifier is not the sender's public key", ErrBody)
	}
	ecdhSecret, err := private.ECDH(asPublic)
	if err != nil {
		return nil, fmt.Errorf("webpush: agree on a key: %w", err)
	}
	ikm, err := deriveIKM(ecdhSecret, authSecret, private.PublicKey().Bytes(), asPublic.Bytes())
	if err != nil {
		return nil, fmt.Errorf("webpush: derive keys: %w", err)
	}
	keys, err := deriveContentKeys(ikm, h.salt)
	if err != nil {
		return nil, fmt.Errorf("webpush: derive keys: %w", err)
	}
	return keys.open(h.recordSize, records)
}

// open decrypts the records of a body (RFC 8188, Section 2). A push message
// has one, but whoever sent it may see that differently.
func (k contentKeys) open(recordSize uint32, records []byte) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, fmt.Errorf("webpush: decrypt: %w", err)
	}
	plaintext := make([]byte, 0, len(records))
	for seq := uint64(0); ; seq++ {
		n := int(min(uint64(recordSize), uint64(len(records))))
		record, rest := records[:n], records[n:]
		padded, err := aead.Open(nil, k.nonceOf(seq), record, nil)
		if err != nil {
			return nil, fmt.Errorf("%w: record %d", ErrDecrypt, seq)
		}
		last := len(rest) == 0
		data, err := unpad(padded, last)
		if err != nil {
			return nil, fmt.Errorf("%w in record %d", err, seq)
		}
		plaintext = append(plaintext, data...)
		if last {
			return plaintext, nil
		}
		records = rest
	}
}

// unpad takes the zeros and the delimiter off a record's end. The delimiter
// tells the last record, so that nobody can cut a body short between two.
func unpad(padded []byte, last bool) ([]byte, error) {
	want := byte(delimiter)
	if last {
		want = delimiterLast
	}
	data := bytes.TrimRight(padded, "\x00")
	if len(data) == 0 || data[len(data)-1] != want {
		return nil, fmt.Errorf("%w: wrong delimiter", ErrDecrypt)
	}
	return data[:len(data)-1], nil
}
