//go:build js && wasm

package browser

import "testing"

func TestFormatSize(t *testing.T) {
	for octets, want := range map[int64]string{
		0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0 kB", 1049: "1.0 kB", 1051: "1.1 kB", 9949: "9.9 kB", 9950: "10 kB",
		999_499: "999 kB", 999_500: "1.0 MB", 200_000_000: "200 MB", 5 << 30: "5.4 GB", 1<<53 - 1: "9.0 PB",
	} {
		if got := FormatSize(octets); got != want {
			t.Errorf("FormatSize(%d) = %q, want %q", octets, got, want)
		}
	}
}
