//go:build js && wasm

package browser

import (
	"context"
	"encoding/base64"
	"fmt"
	"sync"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
	"pushcall/webpush"
)

// SigningKey is an ECDSA P-256 key pair whose private part is a WebCrypto
// CryptoKey. It is a webpush.Signer.
type SigningKey struct {
	private safejs.Value // CryptoKey
	public  webpush.PublicKey
}

var _ webpush.Signer = (*SigningKey)(nil)

// Names and usages of Web Cryptography API, Section 23 (ECDSA). The JavaScript
// values are made anew each time: safejs turns maps into objects.
func ecdsaKey() map[string]any  { return map[string]any{"name": "ECDSA", "namedCurve": "P-256"} }
func ecdsaHash() map[string]any { return map[string]any{"name": "ECDSA", "hash": "SHA-256"} }
func usages(list ...any) []any  { return list }

// GenerateIdentity makes a key that cannot be extracted: not even a script
// injected into the page could carry it away.
func GenerateIdentity(ctx context.Context) (*SigningKey, error) {
	pair, err := subtle(ctx, "generateKey", ecdsaKey(), false, usages("sign", "verify"))
	if err != nil {
		return nil, js.Failure("generate an identity", err)
	}
	private, err := pair.Get("privateKey")
	if err != nil {
		return nil, js.Failure("generate an identity", err)
	}
	publicKey, err := pair.Get("publicKey")
	if err != nil {
		return nil, js.Failure("generate an identity", err)
	}
	raw, err := subtle(ctx, "exportKey", "raw", publicKey) // a public key always can be
	if err != nil {
		return nil, js.Failure("generate an identity", err)
	}
	return newSigningKey(private, raw)
}

func newSigningKey(private, rawPublic safejs.Value) (*SigningKey, error) {
	octets, err := js.BytesOf(rawPublic)
	if err != nil {
		return nil, js.Failure("read a public key", err)
	}
	public, err := webpush.NewPublicKey(octets)
	if err != nil {
		return nil, fmt.Errorf("browser: read a public key: %w", err)
	}
	return &SigningKey{private, public}, nil
}

// ImportSigner makes the signer of an application server key.
func ImportSigner(ctx context.Context, key webpush.ApplicationServerKey) (*SigningKey, error) {
	encode := base64.RawURLEncoding.EncodeToString
	public := key.Public()
	point := public.Bytes() // 0x04, x, y: SEC 1, Section 2.3.3
	jwk := map[string]any{  // RFC 7518, Section 6.2
		"kty": "EC", "crv": "P-256", "d": encode(key.Bytes()), "x": encode(point[1:33]), "y": encode(point[33:]),
	}
	private, err := subtle(ctx, "importKey", "jwk", jwk, ecdsaKey(), false, usages("sign"))
	if err != nil {
		return nil, js.Failure("import an application server key", err)
	}
	return &SigningKey{private, public}, nil
}

// Public returns the public key.
func (k *SigningKey) Public() webpush.PublicKey { return k.public }

// Sign returns the 64 octets r‖s, which is WebCrypto's own form of a signature.
func (k *SigningKey) Sign(ctx context.Context, message []byte) ([]byte, error) {
	data, err := js.NewUint8Array(message)
	if err != nil {
		return nil, js.Failure("sign", err)
	}
	signature, err := subtle(ctx, "sign", ecdsaHash(), k.private, data)
	if err != nil {
		return nil, js.Failure("sign", err)
	}
	return js.BytesOf(signature)
}

// maxVerifiers is how many keys a Verifier keeps. What strangers send must not fill
// the memory.
const maxVerifiers = 64

// A Verifier checks signatures. It keeps the keys that it has imported: each takes
// a way to another thread and back, while somebody calls.
type Verifier struct {
	mu   sync.Mutex                         // another goroutine may run when a map's write allocates
	keys map[webpush.PublicKey]safejs.Value // CryptoKeys
}

// NewVerifier returns one that has no keys yet.
func NewVerifier() *Verifier { return &Verifier{keys: map[webpush.PublicKey]safejs.Value{}} }

// Verify is a webpush.VerifyFunc.
func (v *Verifier) Verify(ctx context.Context, key webpush.PublicKey, message, signature []byte) error {
	v.mu.Lock()
	public, imported := v.keys[key]
	v.mu.Unlock()
	if !imported {
		var err error
		if public, err = importPublic(ctx, key); err != nil {
			return js.Failure("verify", err)
		}
		v.mu.Lock()
		if len(v.keys) >= maxVerifiers {
			clear(v.keys)
		}
		v.keys[key] = public
		v.mu.Unlock()
	}
	return check(ctx, public, message, signature)
}

// Verify checks a signature; it is a webpush.VerifyFunc.
func Verify(ctx context.Context, key webpush.PublicKey, message, signature []byte) error {
	public, err := importPublic(ctx, key)
	if err != nil {
		return js.Failure("verify", err)
	}
	return check(ctx, public, message, signature)
}

func importPublic(ctx context.Context, key webpush.PublicKey) (safejs.Value, error) {
	raw, err := js.NewUint8Array(key.Bytes())
	if err != nil {
		return safejs.Value{}, err
	}
	return subtle(ctx, "importKey", "raw", raw, ecdsaKey(), false, usages("verify"))
}

// check verifies a signature by a CryptoKey.
func check(ctx context.Context, public safejs.Value, message, signature []byte) error {
	valid, err := verify(ctx, public, message, signature)
	if err != nil {
		return js.Failure("verify", err)
	}
	if !valid {
		return webpush.ErrSignature
	}
	return nil
}

func verify(ctx context.Context, public safejs.Value, message, signature []byte) (bool, error) {
	data, err := js.NewUint8Array(message)
	if err != nil {
		return false, err
	}
	sig, err := js.NewUint8Array(signature)
	if err != nil {
		return false, err
	}
	valid, err := subtle(ctx, "verify", ecdsaHash(), public, sig, data)
	if err != nil {
		return false, err
	}
	return valid.Bool()
}

// subtle calls a method of SubtleCrypto.
func subtle(ctx context.Context, method string, args ...any) (safejs.Value, error) {
	object, err := js.Get("crypto", "subtle")
	if err != nil {
		return safejs.Value{}, err
	}
	return js.AwaitCall(ctx, object, method, args...)
}
