package webpush

import (
	"bytes"
	"crypto/ecdh"
	"testing"
)

// What this package computes on the curve is what crypto/ecdh computes.
func TestCurve(t *testing.T) {
	scalars := [][]byte{make([]byte, scalarSize), bytes.Clone(order), bytes.Clone(order), order, make([]byte, scalarSize)}
	scalars[0][31] = 1
	scalars[1][31]--
	scalars[2][0]--
	for range 100 {
		scalars = append(scalars, newPrivate(t).Bytes())
	}
	for _, scalar := range scalars {
		public, err := publicOf(scalar)
		private, wantErr := ecdh.P256().NewPrivateKey(scalar)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%x: %v, want %v", scalar, err, wantErr)
		}
		if err != nil {
			continue
		}
		if want := private.PublicKey().Bytes(); !bytes.Equal(public.Bytes(), want) {
			t.Errorf("%x: %x, want %x", scalar, public.Bytes(), want)
		}
		other, sub := newReceiver(t)
		secret, err := agree(scalar, sub.UAPublic)
		want, wantErr := other.ECDH(private.PublicKey())
		if err != nil || wantErr != nil || !bytes.Equal(secret, want) {
			t.Errorf("%x: %x, %v; want %x, %v", scalar, secret, err, want, wantErr)
		}
	}
}
