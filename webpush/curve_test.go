//go:build !js

package webpush

import (
	"crypto/elliptic"
	"crypto/rand"
	"math/big"
	"testing"
)

// What decompress says of any X is what crypto/elliptic says.
func TestDecompress(t *testing.T) {
	p := elliptic.P256().Params().P
	xs := []*big.Int{new(big.Int), big.NewInt(1), big.NewInt(5), new(big.Int).Sub(p, big.NewInt(1)), p, new(big.Int).Add(p, big.NewInt(5))}
	for range 300 {
		x, err := rand.Int(rand.Reader, p)
		if err != nil {
			t.Fatal(err)
		}
		xs = append(xs, x)
	}
	points := 0
	for _, x := range xs {
		for _, odd := range []bool{false, true} {
			raw := append([]byte{2}, x.FillBytes(make([]byte, 32))...)
			if odd {
				raw[0] = 3
			}
			_, want := elliptic.UnmarshalCompressed(elliptic.P256(), raw)
			y, found := decompress([32]byte(raw[1:]), odd)
			if found != (want != nil) || found && new(big.Int).SetBytes(y[:]).Cmp(want) != 0 {
				t.Fatalf("%x: %x, %v; want %x", raw, y, found, want)
			}
			if found {
				points++
			}
		}
	}
	if points < 100 {
		t.Errorf("only %d points", points)
	}
}

// Arithmetic at the edges is that of math/big.
func TestNumber(t *testing.T) {
	p := elliptic.P256().Params().P
	edges := []number{{}, {1}, {3}, curveB, rootP, foldP, numberFrom([32]byte(new(big.Int).Sub(p, big.NewInt(1)).FillBytes(make([]byte, 32))))}
	value := func(n number) *big.Int {
		octets := n.octets()
		return new(big.Int).SetBytes(octets[:])
	}
	for _, a := range edges {
		for _, b := range edges {
			for name, test := range map[string]struct {
				got  number
				want *big.Int
			}{
				"add":      {a.add(b), new(big.Int).Add(value(a), value(b))},
				"subtract": {a.subtract(b), new(big.Int).Sub(value(a), value(b))},
				"multiply": {a.multiply(b), new(big.Int).Mul(value(a), value(b))},
			} {
				if value(test.got).Cmp(test.want.Mod(test.want, p)) != 0 {
					t.Errorf("%s %x and %x: %x, want %x", name, a, b, value(test.got), test.want)
				}
			}
		}
	}
}

func BenchmarkDecompress(b *testing.B) {
	key, err := GenerateApplicationServerKey()
	if err != nil {
		b.Fatal(err)
	}
	x := [32]byte(key.Public().Compressed()[1:])
	for b.Loop() {
		decompress(x, false)
	}
}
