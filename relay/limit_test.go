package relay

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

func TestTake(t *testing.T) {
	b := newBuckets(Limit{Rate: 0.5, Burst: 3})
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	alice, bob := netip.MustParsePrefix("198.51.100.1/32"), netip.MustParsePrefix("198.51.100.2/32")
	for i := range 3 {
		if wait := b.take(alice, now); wait != 0 {
			t.Fatalf("message %d has to wait %v", i, wait)
		}
	}
	// Refused messages do not make the wait longer.
	for range 5 {
		if wait := b.take(alice, now); wait != 2*time.Second {
			t.Fatalf("the wait is %v, want 2s", wait)
		}
	}
	if wait := b.take(bob, now); wait != 0 {
		t.Errorf("another client has to wait %v", wait)
	}
	if wait := b.take(alice, now.Add(2*time.Second-1)); wait != 1 {
		t.Errorf("just before, the wait is %v", wait)
	}
	if wait := b.take(alice, now.Add(2*time.Second)); wait != 0 {
		t.Errorf("in time, the wait is %v", wait)
	}
}

func TestBucketsAreBounded(t *testing.T) {
	b := newBuckets(Limit{Rate: 1, Burst: 1})
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	client := func(n int) netip.Prefix {
		var address [4]byte
		binary.BigEndian.PutUint32(address[:], uint32(n))
		return netip.PrefixFrom(netip.AddrFrom4(address), 32)
	}
	for n := range maxBuckets {
		b.take(client(n), now)
	}
	if b.take(client(0), now) == 0 {
		t.Error("a client is forgotten although there is room for all")
	}
	b.take(client(maxBuckets), now) // takes the place of client 1, which was not seen for longest
	if got := len(b.byClient); got != maxBuckets || b.order.Len() != maxBuckets {
		t.Errorf("%d clients are remembered, want %d", got, maxBuckets)
	}
	if b.take(client(0), now) == 0 {
		t.Error("a client seen lately is forgotten")
	}
	if b.take(client(1), now) != 0 {
		t.Error("the client not seen for longest is remembered")
	}
}
