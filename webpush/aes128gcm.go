package webpush

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// The aes128gcm content coding, RFC 8188. Sizes in octets.
const (
	saltSize      = 16           // Section 2.1
	headerSize    = saltSize + 5 // Section 2.1: salt, rs, idlen; keyid follows
	minRecordSize = tagSize + 2  // Section 2.1: a delimiter and an octet of data
	cekSize       = 16           // Section 2.2: AES-128
	nonceSize     = 12           // Section 2.3
	tagSize       = 16           // Section 2: AEAD_AES_128_GCM
)

// Labels and delimiters of RFC 8188.
const (
	cekInfo   = "Content-Encoding: aes128gcm\x00" // Section 2.2
	nonceInfo = "Content-Encoding: nonce\x00"     // Section 2.3

	delimiter     = 1 // Section 2: ends the data of a record that others follow
	delimiterLast = 2 // Section 2: ends the data of the last record
)

var (
	// ErrBody is returned for what does not begin like an aes128gcm body:
	// too short, a record size below 18, a key identifier that is no key.
	ErrBody = errors.New("webpush: not an aes128gcm body")

	// ErrDecrypt is returned for a body that is for other keys, was changed
	// on its way, or does not end as it should.
	ErrDecrypt = errors.New("webpush: cannot decrypt")
)

// header stands at the start of a body (RFC 8188, Section 2.1).
type header struct {
	salt       [saltSize]byte
	recordSize uint32 // rs: octets of every record but the last, which may have fewer
	keyID      []byte // at most 255 octets
}

// append writes the header to the end of body.
func (h header) append(body []byte) []byte {
	body = append(body, h.salt[:]...)
	body = binary.BigEndian.AppendUint32(body, h.recordSize)
	body = append(body, byte(len(h.keyID)))
	return append(body, h.keyID...)
}

// cutHeader splits a body into its header and its records.
func cutHeader(body []byte) (h header, records []byte, err error) {
	if len(body) < headerSize {
		return header{}, nil, fmt.Errorf("%w: %d octets", ErrBody, len(body))
	}
	h.salt = [saltSize]byte(body)
	h.recordSize = binary.BigEndian.Uint32(body[saltSize:])
	if h.recordSize < minRecordSize {
		return header{}, nil, fmt.Errorf("%w: record size %d", ErrBody, h.recordSize)
	}
	keyIDSize, rest := int(body[headerSize-1]), body[headerSize:]
	if len(rest) < keyIDSize {
		return header{}, nil, fmt.Errorf("%w: ends within the key identifier", ErrBody)
	}
	h.keyID = rest[:keyIDSize]
	return h, rest[keyIDSize:], nil
}

// contentKeys encrypt the records of one body.
type contentKeys struct {
	cek   [cekSize]byte
	nonce [nonceSize]byte // of the record 0
}

// deriveContentKeys is RFC 8188, Sections 2.2 and 2.3:
//
//	PRK   = HMAC-SHA-256(salt, IKM)
//	CEK   = HMAC-SHA-256(PRK, cek_info || 0x01), the first 16 octets
//	NONCE = HMAC-SHA-256(PRK, nonce_info || 0x01), the first 12 octets
func deriveContentKeys(ikm []byte, salt [saltSize]byte) (contentKeys, error) {
	prk, err := hkdf.Extract(sha256.New, ikm, salt[:])
	if err != nil {
		return contentKeys{}, err
	}
	cek, err := hkdf.Expand(sha256.New, prk, cekInfo, cekSize)
	if err != nil {
		return contentKeys{}, err
	}
	nonce, err := hkdf.Expand(sha256.New, prk, nonceInfo, nonceSize)
	if err != nil {
		return contentKeys{}, err
	}
	return contentKeys{[cekSize]byte(cek), [nonceSize]byte(nonce)}, nil
}

func (k contentKeys) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.cek[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// nonceOf returns the nonce of the record that has seq others before it
// (RFC 8188, Section 2.3).
func (k contentKeys) nonceOf(seq uint64) []byte {
	nonce := k.nonce
	low := nonce[nonceSize-8:]
	binary.BigEndian.PutUint64(low, binary.BigEndian.Uint64(low)^seq)
	return nonce[:]
}
