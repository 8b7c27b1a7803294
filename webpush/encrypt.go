package webpush

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

const (
	// MaxPlaintext is the largest plaintext that Encrypt and NewRequest take, in
	// octets. It is below the limit of
	// RFC 8291, since Firefox for Android gets its messages through a bridge
	// that wraps them in JSON of at most 4096 octets.
	MaxPlaintext = 2600

	// LimitPlaintext is the limit of RFC 8291, Section 4, in octets: it makes a
	// body of 4096, more than which a push service need not take (RFC 8030,
	// Section 7.2). See NewRequestWithin.
	LimitPlaintext = maxBody - headerSize - publicKeySize - 1 - tagSize // 3993

	maxBody      = 4096                // RFC 8030, Section 7.2: what every push service takes; octets
	recordSize   = maxBody             // RFC 8291, Section 4: larger than the one record; octets
	ikmSize      = 32                  // RFC 8291, Section 3.4; octets
	keyInfoLabel = "WebPush: info\x00" // RFC 8291, Section 3.4
)

// sizeClasses are the sizes that plaintexts are padded to, in octets: so few
// that a size says little, so close that padding at most doubles what is not
// small anyway. 103 octets around them make a body. Above the last, and where a
// class is above the limit that the caller set, that limit is the size.
var sizeClasses = [...]int{256, 512, 1024, 1472, 2048, MaxPlaintext}

// ErrTooLarge is returned for a plaintext above MaxPlaintext or the limit of
// NewRequestWithin, for such a limit above LimitPlaintext, and by
// CheckResponse when the push service finds a body too large (413).
var ErrTooLarge = errors.New("webpush: too large")

// Encrypt returns the body of a push message that only the subscription's user
// agent can read: an aes128gcm body with a key and a salt of its own, the
// plaintext padded to the next size class.
func Encrypt(sub Subscription, plaintext []byte) ([]byte, error) {
	return encryptWithin(sub, plaintext, MaxPlaintext)
}

// encryptWithin is Encrypt with another limit of plaintext and padding, in octets.
func encryptWithin(sub Subscription, plaintext []byte, limit int) ([]byte, error) {
	size, err := sizeClass(len(plaintext), limit)
	if err != nil {
		return nil, err
	}
	var salt [saltSize]byte
	rand.Read(salt[:]) // never fails, says its documentation
	return encrypt(sub, plaintext, size, newScalar(), salt)
}

// sizeClass returns the smallest class that holds a plaintext of n octets, or
// the limit if that is less or there is none.
func sizeClass(n, limit int) (int, error) {
	if limit > LimitPlaintext {
		return 0, fmt.Errorf("%w: a limit of %d octets, RFC 8291 allows %d", ErrTooLarge, limit, LimitPlaintext)
	}
	if n > limit {
		return 0, fmt.Errorf("%w: %d octets of plaintext, the limit is %d", ErrTooLarge, n, limit)
	}
	for _, size := range sizeClasses {
		if n <= size {
			return min(size, limit), nil
		}
	}
	return limit, nil
}

// encrypt is RFC 8291 with everything random as a parameter. It pads the
// plaintext to size octets.
func encrypt(sub Subscription, plaintext []byte, size int, asPrivate [scalarSize]byte, salt [saltSize]byte) ([]byte, error) {
	if size > LimitPlaintext {
		return nil, fmt.Errorf("%w: %d octets in one record, the limit is %d", ErrTooLarge, size, LimitPlaintext)
	}
	asPublic, err := publicOf(asPrivate[:])
	if err != nil {
		return nil, fmt.Errorf("webpush: sender key: %w", err)
	}
	ecdhSecret, err := agree(asPrivate[:], sub.UAPublic)
	if err != nil {
		return nil, err
	}
	ikm, err := deriveIKM(ecdhSecret, sub.AuthSecret, sub.UAPublic.Bytes(), asPublic.Bytes())
	if err != nil {
		return nil, fmt.Errorf("webpush: derive keys: %w", err)
	}
	keys, err := deriveContentKeys(ikm, salt)
	if err != nil {
		return nil, fmt.Errorf("webpush: derive keys: %w", err)
	}
	body := make([]byte, 0, headerSize+publicKeySize+size+1+tagSize)
	body = header{salt, recordSize, asPublic.Bytes()}.append(body)
	return keys.seal(body, plaintext, size)
}

// deriveIKM mixes what the two sides agree on with the secret that the user
// agent gave to the application alone, and with both public keys (RFC 8291,
// Section 3.4):
//
//	PRK_key  = HMAC-SHA-256(auth_secret, ecdh_secret)
//	key_info = "WebPush: info" || 0x00 || ua_public || as_public
//	IKM      = HMAC-SHA-256(PRK_key, key_info || 0x01)
func deriveIKM(ecdhSecret []byte, authSecret [authSecretSize]byte, uaPublic, asPublic []byte) ([]byte, error) {
	keyInfo := keyInfoLabel + string(uaPublic) + string(asPublic)
	return hkdf.Key(sha256.New, ecdhSecret, authSecret[:], keyInfo, ikmSize)
}

// seal appends the one and last record of a body: the plaintext, its
// delimiter, and zeros to make size octets of what is not the delimiter
// (RFC 8188, Section 2).
func (k contentKeys) seal(body, plaintext []byte, size int) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, fmt.Errorf("webpush: encrypt: %w", err)
	}
	start := len(body)
	body = append(body, plaintext...)
	body = append(body, delimiterLast)
	body = append(body, make([]byte, size-len(plaintext))...)
	return aead.Seal(body[:start], k.nonceOf(0), body[start:], nil), nil
}
